export { type FakeNode, fakeNode, Killed, runCommand, type Trouble } from './fake-node.js';
export { cloneKernel, type FakeKernel, freshKernel } from './kernel.js';
export { kernelOf } from './kernel-of.js';
export { edited, parse, print, type TextProgram, withoutLines } from './text/kernel-text.js';

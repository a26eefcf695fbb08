import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { htmlPage } from '../../src/explain/draw/html/page.js';
import type { Explanation } from '../../src/explain/explanation.js';
import { htmlSample } from '../explain/support/html-sample.js';
import { hostileSample, longAddresses, sixWays, threeWays } from '../explain/support/html-variants.js';
import { type BrowserPage, hasChromium, openBrowser } from './support/chromium.js';
import {
  contrastFaults,
  drawingFaults,
  foldedRules,
  horizontalScroll,
  squeezed,
  visibleFlows,
  visibleFocus,
} from './support/in-page.js';

const samples: Readonly<Record<string, Explanation>> = {
  'the tutorial': htmlSample,
  'the longest addresses': longAddresses,
  'three ways after the fork': threeWays,
  'six ways after the fork': sixWays,
  'hostile text everywhere': hostileSample,
};

/** Without Chromium these are left out, and scripts/summary.js says so. */
describe.skipIf(!hasChromium)('the HTML page in a real browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kproxy-page-'));
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  beforeAll(async () => {
    browser = await openBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  }, 60_000);

  const open = (explanation: Explanation, width: number) => openText(htmlPage(explanation), width);

  /** Opens a page as a file. */
  async function openText(html: string, width: number): Promise<BrowserPage> {
    const file = join(folder, 'page.html');
    writeFileSync(file, html);
    const page = await browser.newPage();
    await page.send('Emulation.setDeviceMetricsOverride', { width, height: 900, deviceScaleFactor: 1, mobile: false });
    const loaded = page.next('Page.loadEventFired');
    await page.send('Page.navigate', { url: pathToFileURL(file).href });
    await loaded;
    return page;
  }

  async function press(page: BrowserPage, key: string, text?: string): Promise<void> {
    const code = { key, code: key, windowsVirtualKeyCode: keyCodes[key] };
    await page.send('Input.dispatchKeyEvent', { type: 'keyDown', ...code, ...(text === undefined ? {} : { text }) });
    await page.send('Input.dispatchKeyEvent', { type: 'keyUp', ...code });
  }
  const keyCodes: Readonly<Record<string, number>> = { ArrowDown: 40, ArrowUp: 38, Enter: 13, Tab: 9 };
  const pressEnter = (page: BrowserPage) => press(page, 'Enter', '\r');

  const choose = (page: BrowserPage, index: number) =>
    page.evaluate(`document.getElementById('choose-${index}').click()`);

  for (const [name, explanation] of Object.entries(samples)) {
    it(`loads nothing and reports nothing: ${name}`, async () => {
      const page = await open(explanation, 1400);
      await page.evaluate('new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve, 50)))');
      const requests = page.events.filter(({ method }) => method === 'Network.requestWillBeSent');
      expect(requests.map(({ params }) => (params.request as { readonly url: string }).url)).toEqual([
        pathToFileURL(join(folder, 'page.html')).href,
      ]);
      const reported = [
        'Log.entryAdded',
        'Runtime.consoleAPICalled',
        'Runtime.exceptionThrown',
        'Network.loadingFailed',
      ];
      expect(page.events.filter(({ method }) => reported.includes(method))).toEqual([]);
      expect(await page.evaluate('document.title')).toContain('kproxy explain');
      expect(await page.evaluate('document.images.length + document.scripts.length')).toBe(1);
    });

    for (const width of explanation === htmlSample ? [320, 360, 412, 768, 1100, 1400] : [360, 1400])
      it(`neither overlaps nor scrolls sideways at ${width} pixels: ${name}`, async () => {
        const page = await open(explanation, width);
        for (const index of explanation.flows.keys()) {
          await choose(page, index);
          await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
          const faults = await page.evaluate<readonly string[]>(drawingFaults);
          expect(width === 320 ? faults.filter(fault => !fault.includes('pixels')) : faults).toEqual([]);
          expect(await page.evaluate(horizontalScroll)).toBe(0);
          expect(await page.evaluate(squeezed)).toEqual([]);
        }
      });
  }

  it('is what the program prints', async () => {
    const argv = [
      'explain',
      'web-service',
      '--as-desired',
      '--from',
      'test/fixtures/tutorial.yaml',
      '--node',
      'worker1',
    ];
    const { stdout, status } = spawnSync(process.execPath, ['dist/kproxy.js', ...argv, '-o', 'html'], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect(status).toBe(1);
    const page = await openText(stdout, 360);
    expect(await page.evaluate(`document.querySelector('h1').textContent`)).toBe('web-service');
    expect(await page.evaluate(`document.querySelector('.cause .sign').textContent`)).toBe('✕');
    const flows = await page.evaluate<number>(`document.querySelectorAll('input').length`);
    expect(flows).toBe(3);
    for (let index = 0; index < flows; index++) {
      await choose(page, index);
      expect(await page.evaluate(drawingFaults)).toEqual([]);
      expect(await page.evaluate(visibleFlows)).toEqual([`flow-${index}`]);
    }
  });

  it('finds labels that overlap, or are too small', async () => {
    const page = await open(htmlSample, 1400);
    await page.evaluate(`for (const text of document.querySelectorAll('text')) text.setAttribute('y', '40')`);
    expect(await page.evaluate<readonly string[]>(drawingFaults)).toContainEqual(expect.stringContaining('overlap'));
    await page.evaluate(`for (const svg of document.querySelectorAll('svg')) svg.style.width = '250px'`);
    expect(await page.evaluate<readonly string[]>(drawingFaults)).toContainEqual(expect.stringContaining('pixels'));
  });

  for (const scheme of ['light', 'dark'])
    it(`has enough contrast in the ${scheme} scheme`, async () => {
      const page = await open(htmlSample, 1400);
      await page.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
      const color = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
      expect(color).toBe(scheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(20, 23, 27)');
      for (const index of htmlSample.flows.keys()) {
        await choose(page, index);
        await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
        expect(await page.evaluate(contrastFaults)).toEqual([]);
      }
    });

  it('shows the flow that fails first, and chooses each client with the keyboard', async () => {
    const page = await open(htmlSample, 360);
    expect(await page.evaluate(visibleFlows)).toEqual(['flow-4']);
    await page.evaluate(`document.querySelector('input:checked').focus()`);
    const seen: string[] = [];
    for (let times = 0; times < htmlSample.flows.length; times++) {
      await press(page, 'ArrowDown');
      seen.push(...(await page.evaluate<readonly string[]>(visibleFlows)));
    }
    expect(seen).toEqual(['flow-0', 'flow-1', 'flow-2', 'flow-3', 'flow-4']);
  });

  it('shows the heading, the cause, its command, the drawing and the list', async () => {
    const page = await open(htmlSample, 1400);
    for (const selector of ['h1', '.cause pre', 'input:checked', '#flow-4 svg', '#flow-4 .steps'])
      expect(
        await page.evaluate(`(({ width, height }) => width > 10 && height > 10)(
          document.querySelector('${selector}').getBoundingClientRect())`),
      ).toBe(true);
  });

  it('opens a hook with Enter, in the list and in the drawing', async () => {
    const page = await open(htmlSample, 1400);
    await choose(page, 0);
    await page.evaluate(`document.querySelector('#flow-0 summary').focus()`);
    expect(await page.evaluate(`document.querySelector('#flow-0 details').open`)).toBe(false);
    await pressEnter(page);
    expect(await page.evaluate(`document.querySelector('#flow-0 details').open`)).toBe(true);
    expect(await page.evaluate(`document.querySelector('#flow-0 .rule').getBoundingClientRect().height > 20`)).toBe(
      true,
    );

    await page.evaluate(`(window.hook = [...document.querySelectorAll('#flow-0 svg.wide a')].at(-1)).focus()`);
    await pressEnter(page);
    const opened = `document.querySelector(hook.getAttribute('href')).closest('details')`;
    expect(await page.evaluate(`${opened}.open`)).toBe(true);
    expect(await page.evaluate(`${opened}.contains(document.activeElement)`)).toBe(true);
  });

  it('shows where the focus is', async () => {
    const page = await open(htmlSample, 1400);
    await press(page, 'Tab');
    for (let times = 0; times < 6; times++) {
      const style = await page.evaluate<string>(visibleFocus);
      expect(style).toBe('visible');
      await press(page, 'Tab');
    }
  });

  it('works without scripts', async () => {
    const page = await open(htmlSample, 1400);
    await page.send('Emulation.setScriptExecutionDisabled', { value: true });
    const loaded = page.next('Page.loadEventFired');
    await page.send('Page.reload');
    await loaded;
    const { root } = (await page.send('DOM.getDocument')) as { readonly root: { readonly nodeId: number } };
    const click = async (selector: string) => {
      const { nodeId } = await page.send('DOM.querySelector', { nodeId: root.nodeId, selector });
      await page.send('DOM.scrollIntoViewIfNeeded', { nodeId });
      const { model } = (await page.send('DOM.getBoxModel', { nodeId })) as unknown as {
        readonly model: { readonly content: readonly number[] };
      };
      const [left = 0, top = 0, , , right = 0, bottom = 0] = model.content;
      const place = { x: (left + right) / 2, y: (top + bottom) / 2, button: 'left', clickCount: 1 };
      await page.send('Input.dispatchMouseEvent', { type: 'mousePressed', ...place });
      await page.send('Input.dispatchMouseEvent', { type: 'mouseReleased', ...place });
    };
    await click('label:has(#choose-1)');
    expect(await page.evaluate(visibleFlows)).toEqual(['flow-1']);
    await click('#flow-1 svg.wide a rect');
    const hook = `document.querySelector(document.querySelector('#flow-1 svg.wide a').getAttribute('href'))`;
    expect(await page.evaluate(`${hook}.closest('details').open`)).toBe(true);
  });

  it('prints all flows with every hook unfolded, light even in the dark scheme', async () => {
    const page = await open(htmlSample, 1400);
    const features = [{ name: 'prefers-color-scheme', value: 'dark' }];
    await page.send('Emulation.setEmulatedMedia', { media: 'print', features });
    expect(await page.evaluate(visibleFlows)).toHaveLength(htmlSample.flows.length);
    expect(await page.evaluate<string>('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await page.evaluate(foldedRules)).toBe(0);
  });
});

import type { TerminalSize } from '../../sandbox/sandbox.js';
import { type Machine, machines } from '../machines.js';
import { isPlainObject, type PlainObject, parsedObject } from '../plain-object.js';
import { ProtocolError } from './frames.js';

/** Of another version of this program, a peer may mean something else by the same frames. */
const protocolVersion = 1;

/** What a terminal asks of a running lesson. */
export interface Hello {
  readonly machine: Machine;
  readonly size: TerminalSize;
  /** TERM, NO_COLOR and other variables of the terminal. */
  readonly environment: Readonly<Record<string, string>>;
}

export const helloText = (hello: Hello): string => JSON.stringify({ version: protocolVersion, ...hello });

/** @throws ProtocolError */
export function parseHello(payload: Buffer): Hello {
  const { version, machine, size, environment, ...rest } = objectOf(payload, 'hello');
  const known = machines.find(one => one === machine);
  if (version !== protocolVersion) throw invalid('hello', 'the version is another one');
  if (known === undefined) throw invalid('hello', 'there is no such machine');
  if (!isTexts(environment)) throw invalid('hello', 'the environment is not one of texts');
  refuseFields(rest, 'hello');
  return { machine: known, size: sizeIn(size, 'hello'), environment };
}

export const sizeText = ({ columns, rows }: TerminalSize): string => JSON.stringify({ columns, rows });

/** @throws ProtocolError */
export const parseSize = (payload: Buffer): TerminalSize => sizeIn(objectOf(payload, 'size'), 'size');

function sizeIn(value: unknown, name: string): TerminalSize {
  if (!isPlainObject(value)) throw invalid(name, 'the size is not an object');
  const { columns, rows, ...rest } = value;
  if (!isLength(columns)) throw invalid(name, 'columns is not a size of a terminal');
  if (!isLength(rows)) throw invalid(name, 'rows is not a size of a terminal');
  refuseFields(rest, name);
  return { columns, rows };
}

function refuseFields(rest: PlainObject, name: string): void {
  const [field] = Object.keys(rest);
  if (field !== undefined) throw invalid(name, `the field ${JSON.stringify(field)} is unknown`);
}

function objectOf(payload: Buffer, name: string): PlainObject {
  const object = parsedObject(payload.toString());
  if (object === undefined) throw invalid(name, 'it is not an object of JSON');
  return object;
}

const invalid = (name: string, problem: string): ProtocolError =>
  new ProtocolError(`the ${name} is not valid: ${problem}`);

const isTexts = (value: unknown): value is Readonly<Record<string, string>> =>
  isPlainObject(value) && Object.values(value).every(text => typeof text === 'string');

const isLength = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 65_535;

import * as z from 'zod';
import type { TerminalSize } from '../../sandbox/sandbox.js';
import { type Machine, machines } from '../machines.js';
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

const sizeSchema = z.strictObject({
  columns: z.int().min(0).max(65_535),
  rows: z.int().min(0).max(65_535),
});

const helloSchema = z.strictObject({
  version: z.literal(protocolVersion),
  machine: z.enum(machines),
  size: sizeSchema,
  environment: z.record(z.string(), z.string()),
});

export const helloText = (hello: Hello): string => JSON.stringify({ version: protocolVersion, ...hello });

/** @throws ProtocolError */
export function parseHello(payload: Buffer): Hello {
  const { machine, size, environment } = parse(helloSchema, payload, 'hello');
  return { machine, size, environment };
}

export const sizeText = ({ columns, rows }: TerminalSize): string => JSON.stringify({ columns, rows });

/** @throws ProtocolError */
export const parseSize = (payload: Buffer): TerminalSize => parse(sizeSchema, payload, 'size');

function parse<Value>(schema: z.ZodType<Value>, payload: Buffer, name: string): Value {
  try {
    return schema.parse(JSON.parse(payload.toString()));
  } catch (error) {
    if (error instanceof z.ZodError) throw new ProtocolError(`the ${name} is not valid: ${z.prettifyError(error)}`);
    throw new ProtocolError(`the ${name} is not JSON`);
  }
}

import type { Station } from './station.js';

/** What a drawing consists of, with places in its own units. */
export type Shape = BoxShape | LineShape | TextShape;

export interface BoxShape {
  readonly kind: 'box';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly look: 'taken' | 'end' | 'failed' | 'faint';
  /** The texts in it, at places of the whole drawing. */
  readonly texts: readonly TextShape[];
  /** Undefined for a place that the packet does not pass. */
  readonly station: Station | undefined;
}

export interface LineShape {
  readonly kind: 'line';
  /** Corners, from the start to the end. */
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly look: 'taken' | 'faint';
  readonly hasHead: boolean;
}

export interface TextShape {
  readonly kind: 'text';
  readonly x: number;
  /** The baseline. */
  readonly y: number;
  readonly look: 'title' | 'name' | 'note' | 'outcome' | 'failed' | 'faint' | 'label' | 'changed' | 'caption' | 'lane';
  readonly text: string;
}

/** How far arrows, and the texts beside them, are from the left side of the boxes. */
export const arrowInset = 24;
export const labelInset = arrowInset + 16;

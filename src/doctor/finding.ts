/** How much a finding matters: `problem` if kproxy cannot do its work, `advice` if a part of it may suffer. */
export type FindingLevel = 'ok' | 'advice' | 'problem';

/** What a check says about one thing. */
export type Judgement =
  | {
      readonly level: 'ok';
      /** What is so, as a clause. */
      readonly what: string;
    }
  | {
      readonly level: 'advice' | 'problem';
      readonly what: string;
      /** Why it matters, in whole sentences. */
      readonly why: string;
      /** The one command that fixes it, or shows what must be decided. It can be pasted into a shell. */
      readonly fix: string;
    };

/** A judgement with the name of its check. */
export type Finding = Judgement & { readonly check: string };

/** What else a judgement says if something is not as it should be. */
export interface Trouble {
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

export const ok = (what: string): Judgement => ({ level: 'ok', what });
export const advice = (trouble: Trouble): Judgement => ({ level: 'advice', ...trouble });
export const problem = (trouble: Trouble): Judgement => ({ level: 'problem', ...trouble });

import { type MatchKind, yes } from '../match.js';

export const comment: MatchKind = { name: 'comment', test: () => yes };

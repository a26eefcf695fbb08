import type { Machine } from '../../machines.js';

/** What a check says is missing, in one language. Each function returns one or more sentences. */
export interface CheckTexts {
  /** Put behind another text. */
  ranElsewhere(parts: { readonly ran: string; readonly wanted: Machine }): string;

  setIsMissing(parts: { readonly on: Machine; readonly set: string }): string;
  setHasSimilarName(parts: { readonly set: string; readonly similar: string }): string;
  setHasOtherType(parts: { readonly set: string; readonly type: string; readonly wanted: string }): string;
  setIsForIpv6(parts: { readonly set: string }): string;

  entryIsMissing(parts: { readonly set: string; readonly entry: string }): string;
  entryIsStillThere(parts: { readonly set: string; readonly entry: string }): string;
  entryIsInOtherSet(parts: { readonly set: string; readonly entry: string; readonly other: string }): string;
  entryHasOtherPort(parts: Differing): string;
  entryHasOtherProtocol(parts: Differing): string;
  entryHasOtherAddress(parts: Differing): string;

  chainIsMissing(parts: { readonly table: string; readonly chain: string }): string;
  chainHasSimilarName(parts: { readonly table: string; readonly chain: string; readonly similar: string }): string;
  chainIsInOtherTable(parts: { readonly table: string; readonly chain: string; readonly other: string }): string;

  ruleIsMissing(parts: { readonly table: string; readonly chain: string }): string;
  ruleIsStillThere(parts: { readonly table: string; readonly chain: string; readonly number: number }): string;
  ruleIsElsewhere(parts: {
    readonly table: string;
    readonly chain: string;
    readonly places: readonly string[];
  }): string;
  ruleHasOtherArgument(parts: Differing & { readonly chain: string; readonly number: number }): string;
  ruleLacksArgument(parts: { readonly chain: string; readonly number: number; readonly wanted: string }): string;
  ruleHasExtraArgument(parts: { readonly chain: string; readonly number: number; readonly actual: string }): string;
  ruleIsNotFirst(parts: { readonly chain: string; readonly number: number; readonly first: string }): string;
  ruleIsThereTwice(parts: {
    readonly table: string;
    readonly chain: string;
    readonly count: number;
    /** Of the last one. */
    readonly number: number;
  }): string;

  policyDiffers(parts: Differing & { readonly chain: string }): string;

  linkIsMissing(parts: { readonly on: Machine; readonly link: string }): string;
  linkHasSimilarName(parts: { readonly link: string; readonly similar: string }): string;
  linkHasOtherType(parts: Differing & { readonly link: string }): string;

  addressIsMissing(parts: { readonly link: string; readonly address: string }): string;
  addressIsStillThere(parts: { readonly link: string; readonly address: string }): string;
  addressHasOtherPrefix(parts: Differing & { readonly link: string }): string;
  addressIsOnOtherLink(parts: { readonly link: string; readonly address: string; readonly other: string }): string;
  addressIsOther(parts: Differing & { readonly link: string }): string;

  virtualServerIsMissing(parts: { readonly on: Machine; readonly server: string }): string;
  virtualServerHasOtherPort(parts: Differing): string;
  virtualServerHasOtherProtocol(parts: Differing): string;
  virtualServerHasOtherAddress(parts: Differing): string;
  virtualServerHasOtherScheduler(parts: Differing & { readonly server: string }): string;
  virtualServerIsPersistent(parts: { readonly server: string }): string;

  realServerIsMissing(parts: { readonly server: string; readonly address: string }): string;
  realServerIsStillThere(parts: { readonly server: string; readonly address: string }): string;
  realServerIsOfOther(parts: { readonly server: string; readonly address: string; readonly other: string }): string;
  realServerHasOtherPort(parts: Differing & { readonly address: string }): string;
  realServerHasOtherAddress(parts: Differing): string;
  realServerIsNotMasqueraded(parts: { readonly address: string; readonly forwarding: string }): string;
  realServerHasNoWeight(parts: { readonly address: string }): string;

  sysctlIsMissing(parts: { readonly name: string }): string;
  sysctlDiffers(parts: Differing & { readonly name: string }): string;

  objectIsMissing(parts: { readonly object: string }): string;
  objectIsStillThere(parts: { readonly object: string }): string;
  fieldIsMissing(parts: { readonly object: string; readonly field: string; readonly wanted: string }): string;
  fieldDiffers(parts: Differing & { readonly object: string; readonly field: string }): string;

  endpointsAreEmpty(parts: { readonly object: string }): string;
  endpointIsMissing(parts: { readonly object: string; readonly address: string }): string;
  endpointIsNotReady(parts: { readonly object: string; readonly address: string }): string;
  endpointIsTooMuch(parts: { readonly object: string; readonly address: string }): string;
  endpointHasOtherPort(parts: Differing & { readonly object: string; readonly address: string }): string;
  endpointHasNoPort(parts: { readonly object: string; readonly wanted: string }): string;

  shellIsNotRoots(parts: { readonly on: Machine }): string;

  nothingRan(parts: { readonly on: Machine }): string;
  shownElsewhere(parts: { readonly ran: string; readonly wanted: Machine }): string;
  answerLacks(parts: { readonly text: string }): string;
  answerLacksEach(parts: { readonly texts: readonly string[] }): string;

  noConnections(parts: { readonly server: string }): string;
  connectionsAreFew(parts: { readonly server: string; readonly count: number; readonly wanted: number }): string;
}

/** What is there, and what should be. */
interface Differing {
  readonly actual: string;
  readonly wanted: string;
}

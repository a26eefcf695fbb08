import type { Hook, RoutingStep, Step, Way } from '../../../trace/trace.js';

/** A place that every drawing has, in the kernel's order, whether the packet passes it or not. */
export interface Slot {
  readonly way: Way;
  /** Places that exclude each other, such as INPUT and FORWARD. */
  readonly titles: readonly string[];
  /** Which of them a packet has passed that had no rules there, and so left no step. */
  readonly silent: Hook | undefined;
  /** True for a place that is not drawn if the packet does not pass it. */
  readonly isOptional?: true;
}

/** What decides which hooks a packet passes. */
interface Facts {
  /** False for an answer that takes another way, past this node. */
  readonly isHere: boolean;
  /** The packet or its answer comes from a process of this node. */
  readonly isOwn: boolean;
  /** The route says that the packet is for this node. */
  readonly isLocal: boolean;
  readonly isBalanced: boolean;
  readonly staysHere: boolean;
  /** The trace has the routing before the hook OUTPUT. */
  readonly routesFirst: boolean;
}

function factsOf(steps: readonly Step[], way: Way): Facts {
  const own = steps.filter(step => step.way === way);
  const arrival = own.find(({ kind }) => kind === 'arrival');
  const routing = own.find((step): step is RoutingStep => step.kind === 'routing');
  const output = own.findIndex(step => step.kind === 'table' && step.hook === 'OUTPUT');
  const isOwn = arrival?.kind === 'arrival' && arrival.device === undefined;
  return {
    isHere: arrival !== undefined,
    isOwn,
    isLocal: routing?.isLocal ?? false,
    isBalanced: own.some(step => step.kind === 'ipvs' && step.does === 'balances'),
    staysHere: own.some(step => step.kind === 'delivery' && step.to === 'this node'),
    routesFirst: isOwn && routing !== undefined && output > own.indexOf(routing),
  };
}

/**
 * Returns the places of a packet's way there and back. A packet that IPVS has balanced goes on through OUTPUT, whoever
 * has sent it (ip_vs_xmit.c: ip_vs_nat_send_or_cont).
 */
export function slotsFor(steps: readonly Step[]): readonly Slot[] {
  const there = factsOf(steps, 'there');
  const back = factsOf(steps, 'back');
  return [
    { way: 'there', titles: ['client'], silent: undefined },
    ...entry('there', there),
    { way: 'there', titles: ['INPUT', 'FORWARD'], silent: passed(there, there.isOwn ? undefined : middle(there)) },
    { way: 'there', titles: ['IPVS'], silent: undefined },
    { way: 'there', titles: ['OUTPUT'], silent: passed(there, there.isBalanced && 'OUTPUT') },
    { way: 'there', titles: ['POSTROUTING'], silent: passed(there, !there.staysHere && 'POSTROUTING') },
    { way: 'there', titles: ['backend'], silent: undefined },
    ...entry('back', back),
    { way: 'back', titles: ['FORWARD', 'INPUT'], silent: passed(back, back.isOwn ? undefined : middle(back)) },
    // IPVS gives the answer the virtual server's address at the end of FORWARD or INPUT.
    { way: 'back', titles: ['IPVS'], silent: undefined, isOptional: true },
    { way: 'back', titles: ['POSTROUTING'], silent: passed(back, !back.isLocal && 'POSTROUTING') },
    { way: 'back', titles: ['client'], silent: undefined },
  ];
}

/** Returns a hook that is passed if anything of the way is on this node. */
const passed = ({ isHere }: Facts, hook: Hook | false | undefined): Hook | undefined =>
  isHere && hook !== false ? hook : undefined;

const middle = ({ isLocal }: Facts): Hook => (isLocal ? 'INPUT' : 'FORWARD');

function entry(way: Way, facts: Facts): readonly Slot[] {
  const { isOwn, routesFirst } = facts;
  const hooks: Slot = { way, titles: ['PREROUTING', 'OUTPUT'], silent: passed(facts, isOwn ? 'OUTPUT' : 'PREROUTING') };
  const routing: Slot = { way, titles: ['routing'], silent: undefined };
  // An answer gets the client's address as its destination in the first hook.
  const conntrack: Slot = { way, titles: ['conntrack'], silent: undefined, isOptional: true };
  return routesFirst ? [routing, hooks, conntrack] : [hooks, conntrack, routing];
}

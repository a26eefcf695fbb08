import type { InLanguages } from '../language.js';
import type { Machine, Worker } from '../machines.js';
import type { PlainObject } from '../plain-object.js';

/** What a worker's kernel answered. Everything is as the tools print it. */
export interface KernelAnswer {
  /** By name. */
  readonly sets: ReadonlyMap<string, SetAnswer>;
  /** By `TABLE CHAIN`, such as `nat KUBE-SERVICES`. */
  readonly chains: ReadonlyMap<string, ChainAnswer>;
  /** The devices by name. */
  readonly links: ReadonlyMap<string, LinkAnswer>;
  /** By `TCP 10.254.10.128:80`. */
  readonly virtualServers: ReadonlyMap<string, VirtualServerAnswer>;
  /** The kernel's parameters that the lesson is about, by their path below /proc/sys. Missing if the file is. */
  readonly sysctls: ReadonlyMap<string, string>;
}

export interface SetAnswer {
  /** `hash:ip,port`. */
  readonly type: string;
  /** True for a set of IPv6 addresses. */
  readonly isIpv6?: true;
  /** `10.254.10.128,tcp:80`. */
  readonly entries: readonly string[];
}

export interface ChainAnswer {
  /** Of a built-in chain: ACCEPT, DROP. */
  readonly policy: string | undefined;
  readonly rules: readonly RuleAnswer[];
}

export interface RuleAnswer {
  /** Without `-A CHAIN`. */
  readonly text: string;
  /** The packets that matched. */
  readonly packets: number;
}

export interface LinkAnswer {
  /** `dummy`, `bridge`, `veth`. Undefined for a device of the machine itself. */
  readonly type: string | undefined;
  readonly isUp: boolean;
  /** With prefix length: `10.254.10.128/32`. */
  readonly addresses: readonly string[];
}

export interface VirtualServerAnswer {
  readonly scheduler: string;
  /** True if each client stays with one real server (`-p`). */
  readonly isPersistent?: true;
  /** All connections since the virtual server was added, those of removed real servers included. */
  readonly connections: number;
  /** By `10.244.1.3:8080`. */
  readonly realServers: ReadonlyMap<string, RealServerAnswer>;
}

export interface RealServerAnswer {
  /** As ipvsadm prints it: `Masq`, `Route`, `Tunnel`. */
  readonly forwarding: string;
  readonly weight: number;
  readonly active: number;
  readonly inactive: number;
  /** All connections since the real server was added. */
  readonly connections: number;
}

/** The objects of the cluster by `KIND/NAME`, in lower case: `service/web-service`. As JSON objects. */
export type ObjectsAnswer = ReadonlyMap<string, PlainObject>;

/** A command that was run on a machine, and what it printed. */
export interface Said {
  readonly on: Machine;
  readonly line: string;
  /** What a terminal would show, without colors. Lines end with `\n`. */
  readonly output: string;
  readonly exitCode: number;
}

/** What the kernels of the workers and the cluster answered at one moment. */
export interface Observation {
  readonly workers: Readonly<Record<Worker, KernelAnswer>>;
  readonly objects: ObjectsAnswer;
  /** The machines whose shell `sudo su` has made root's. */
  readonly rootShells: ReadonlySet<Machine>;
}

/** What a check can look at. */
export interface Observed extends Observation {
  /** What was run since the task began, oldest first. */
  readonly said: readonly Said[];
}

/** What moved from one observation to the next, as lines to print. */
export interface Movement {
  readonly mark: '+' | '-' | '~';
  /** Where it is: `inajob: set KUBE-CLUSTER-IP`. */
  readonly where: string;
  /** What was there before. Missing for `+`. Of a counter: `4 packets`. */
  readonly before?: string;
  /** What is there now. Missing for `-`. */
  readonly after?: string;
}

/** The reason why a check fails, for the learner. */
export type Missing = InLanguages<string>;

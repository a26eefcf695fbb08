/** What the user allows a read of the cluster to mean. */
export interface ReadScope {
  /** The only namespace that was read. Undefined means all. */
  readonly namespace: string | undefined;
  /** A cluster without Services, or without endpoints, is taken as it is. */
  readonly allowEmpty: boolean;
}

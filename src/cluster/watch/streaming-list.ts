import { isMapping, type RawObject, textOf } from '../objects.js';
import type { ObjectList } from './list.js';
import type { Connection } from './request.js';
import { type Watch, type WatchEvent, watchStream } from './watch.js';

export interface StreamingList extends Omit<Watch, 'resourceVersion'> {
  readonly onList: (list: ObjectList) => void;
}

/**
 * Reads a list as the beginning of a watch, then follows that watch. The API server sends the objects one by one from
 * its cache, and need not build one large answer.
 * @throws ReflectorFailure if the stream does not end as watches regularly do, or before the list is complete
 */
export function streamList(connection: Connection, { onList, onEvent, ...watch }: StreamingList): Promise<void> {
  const objects = new Map<string, RawObject>();
  let isComplete = false;
  const collect = (event: WatchEvent): void => {
    if (event.is === 'bookmark') {
      isComplete = event.endsList;
      if (!isComplete) return;
      onList({ objects: [...objects.values()], resourceVersion: event.resourceVersion });
      objects.clear();
    } else if (event.is === 'removed') objects.delete(keyOf(event.object));
    else objects.set(keyOf(event.object), event.object);
  };
  return watchStream(connection, {
    ...watch,
    resourceVersion: undefined,
    onEvent: event => (isComplete ? onEvent(event) : collect(event)),
  });
}

function keyOf({ value }: RawObject): string {
  const metadata = isMapping(value) && isMapping(value.metadata) ? value.metadata : {};
  return `${textOf(metadata.namespace)}/${textOf(metadata.name)}`;
}

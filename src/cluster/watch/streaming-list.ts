import { isMapping, type RawObject, textOf } from '../objects.js';
import type { ListConnection, ObjectList } from './list.js';
import { type Watch, type WatchEvent, watchStream } from './watch.js';

export interface StreamingList extends Omit<Watch, 'resourceVersion' | 'onListed'> {
  readonly onList: (list: ObjectList) => void;
}

/**
 * Reads a list as the beginning of a watch, then follows that watch. The API server sends the objects one by one from
 * its cache, and need not build one large answer.
 * @throws ReflectorFailure if the stream does not end as watches regularly do, or before the list is complete, or if
 *   the list is too large or takes too long
 */
export async function streamList(
  connection: ListConnection,
  { onList, onEvent, ...watch }: StreamingList,
): Promise<void> {
  const account = connection.lists.open(watch.subject.kind);
  const objects = new Map<string, RawObject>();
  let isComplete = false;
  const collect = (event: WatchEvent): void => {
    if (event.is === 'bookmark') {
      isComplete = event.endsList;
      if (!isComplete) return;
      onList({ objects: [...objects.values()], resourceVersion: event.resourceVersion });
      objects.clear();
      account.close();
    } else if (event.is === 'removed') objects.delete(keyOf(event.object));
    else objects.set(keyOf(event.object), event.object);
  };
  try {
    await watchStream(connection, {
      ...watch,
      resourceVersion: undefined,
      // An object that is sent again counts again: such a list may have no end either.
      onListed: characters => account.add({ characters, objects: 1 }),
      onEvent: event => (isComplete ? onEvent(event) : collect(event)),
    });
  } finally {
    account.close();
  }
}

function keyOf({ value }: RawObject): string {
  const metadata = isMapping(value) && isMapping(value.metadata) ? value.metadata : {};
  return `${textOf(metadata.namespace)}/${textOf(metadata.name)}`;
}

/** What is kept on this device for reviews without network: cards, their pictures, and answers that wait. */
import type { Account } from "@medai/client";
import type { Answer } from "../api.ts";
import type { Queue } from "../types.ts";
import type { AnswerStore, Waiting } from "./outbox.ts";

const NAME = "medai-study";
const STORES = { answers: "answers", queues: "queues", pictures: "pictures", owner: "owner" } as const;
type Store = (typeof STORES)[keyof typeof STORES];

let opened: Promise<IDBDatabase> | undefined;

/** Storage may be forbidden or full: then each of these fails, and reviews go on while there is a network. */
function database(): Promise<IDBDatabase> {
  opened ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(STORES.answers, { keyPath: "seq", autoIncrement: true });
      for (const name of [STORES.queues, STORES.pictures, STORES.owner])
        request.result.createObjectStore(name);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  opened.catch(() => {
    opened = undefined;
  });
  return opened;
}

/** Does one thing with a store; resolves when that is on the disk. */
async function within<T>(
  name: Store,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T> | undefined,
): Promise<T> {
  const transaction = (await database()).transaction(name, mode);
  const request = work(transaction.objectStore(name));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request?.result as T);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

const read = <T>(name: Store, key: string): Promise<T | undefined> =>
  within(name, "readonly", (store) => store.get(key));
const write = (name: Store, key: string, value: unknown): Promise<unknown> =>
  within(name, "readwrite", (store) => store.put(value, key));

export const answers: AnswerStore = {
  add: async (answer: Answer) => {
    await within(STORES.answers, "readwrite", (store) => store.add(answer));
  },
  all: () => within(STORES.answers, "readonly", (store) => store.getAll() as IDBRequest<Waiting[]>),
  remove: async (seq) => {
    await within(STORES.answers, "readwrite", (store) => store.delete(seq));
  },
};

/** The cards that are held for a deck; all decks where none is named. */
export const heldQueue = (deck = ""): Promise<Queue | undefined> => read(STORES.queues, deck);
export const holdQueue = (deck = "", queue: Queue): Promise<unknown> => write(STORES.queues, deck, queue);

export const heldPicture = (key: string): Promise<Blob | undefined> => read(STORES.pictures, key);
export const holdPicture = (key: string, picture: Blob): Promise<unknown> =>
  write(STORES.pictures, key, picture);

/** Drops the pictures that no card needs that is held. */
export async function keepPictures(needed: ReadonlySet<string>): Promise<void> {
  const keys = await within(STORES.pictures, "readonly", (store) => store.getAllKeys());
  for (const key of keys)
    if (!needed.has(String(key))) await within(STORES.pictures, "readwrite", (store) => store.delete(key));
}

/** Whose device this is: with this, the app begins without network too. */
export const owner = (): Promise<Account | undefined> => read(STORES.owner, "account");

/** What another student left is gone before anything is shown. */
export async function belongsTo(account: Account): Promise<void> {
  const before = await owner();
  if (before && before.id !== account.id) await empty();
  await write(STORES.owner, "account", account);
}

/** Forgets cards and pictures; `everything` is the owner, and answers that were not sent, too. */
export async function empty(everything = true): Promise<void> {
  const names = everything ? Object.values(STORES) : [STORES.queues, STORES.pictures];
  for (const name of names)
    await within(name, "readwrite", (store) => store.clear() as IDBRequest<undefined>);
}

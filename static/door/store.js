// A Map that survives the tab: one IndexedDB store per session.
const run = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

export async function openStore(name) {
  const opening = indexedDB.open(`door-${name}`, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("scans");
  const database = await run(opening);
  const act = (mode, call) => {
    const transaction = database.transaction("scans", mode, { durability: "strict" });
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
    return Promise.all([run(call(transaction.objectStore("scans"))), done]).then(([result]) => result);
  };
  return {
    set: (key, value) => act("readwrite", (scans) => scans.put(value, key)),
    delete: (key) => act("readwrite", (scans) => scans.delete(key)),
    values: () => act("readonly", (scans) => scans.getAll()),
  };
}

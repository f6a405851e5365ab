// A wire between a browser and medai that can be cut, as when a phone leaves the house.
import { connect, createServer } from "node:net";
import { url } from "./api.mjs";

export async function wire() {
  const { hostname, port } = new URL(url);
  const sockets = new Set();
  let whole = true;
  const server = createServer((near) => {
    if (!whole) return near.destroy();
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = () => {
    whole = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://localhost:${server.address().port}`,
    cut,
    mend: () => {
      whole = true;
    },
    end: () => {
      cut();
      server.close();
    },
  };
}

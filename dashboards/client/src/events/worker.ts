/** The hub as a worker that all tabs of this app share. */
import { Hub } from "./hub.ts";

const hub = new Hub();

addEventListener("connect", (event) => {
  const [port] = (event as MessageEvent).ports;
  if (!port) return;
  const hear = hub.join((message) => port.postMessage(message));
  port.onmessage = ({ data }) => hear(data);
});

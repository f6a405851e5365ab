import { Problem } from "./problem.ts";
import { csrf, ensureFresh } from "./session.ts";

/** Sends a file. `fetch` cannot tell how far an upload is, so this is the one place for the older way. */
export async function upload<T>(
  path: string,
  form: FormData,
  onProgress: (sent: number, total: number) => void,
  signal: AbortSignal,
): Promise<T> {
  await ensureFresh();
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.responseType = "json";
    const token = csrf();
    if (token) request.setRequestHeader("x-csrf-token", token);
    request.upload.onprogress = (event) => onProgress(event.loaded, event.total);
    request.onerror = () => reject(Problem.offline());
    request.onabort = () => reject(new DOMException("stopped", "AbortError"));
    request.onload = () => {
      if (request.status < 300) resolve(request.response as T);
      else reject(Problem.from(new Response(null, { status: request.status }), request.response));
    };
    signal.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}

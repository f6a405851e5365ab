import { Panel } from "@medai/ui";
import { lessonName, providerName } from "../parts/names.ts";
import type { EndpointHealth } from "./health.ts";

/** What addresses and models have shown within a day. */
export function Endpoints({ endpoints }: { endpoints: EndpointHealth[] }) {
  if (endpoints.length === 0) return null;
  return (
    <Panel title="What endpoints have shown" aside="kept for a day; “Try” on a key forgets it">
      <ul aria-label="What endpoints have shown" className="-my-3">
        {endpoints.map((endpoint) => (
          <li
            key={`${endpoint.provider}${endpoint.base_url}${endpoint.model}`}
            className="border-line border-b py-3 text-sm last:border-b-0"
          >
            <p className="[overflow-wrap:anywhere]">
              <span className="font-medium">{providerName(endpoint.provider)}</span>{" "}
              <code className="font-mono">{endpoint.model}</code>{" "}
              <span className="text-faint">{endpoint.base_url}</span>
            </p>
            <ul className="mt-1 flex flex-col gap-0.5">
              {endpoint.learnt.map((lesson) => (
                <li key={lesson.lesson} className="text-muted">
                  {lessonName(lesson.lesson, lesson.amount)}
                  {lesson.reason && <span className="text-faint"> – {lesson.reason}</span>}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

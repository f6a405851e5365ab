/** One field of a body that did not fit. */
export interface FieldProblem {
  field: string;
  problem: string;
}

/** What the API's envelope holds, as an error. `code` is for programs, `message` for people. */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly details: unknown;
  readonly upgradeUrl: string | undefined;
  readonly requestId: string | undefined;
  /** Seconds until it may go better, where the API said so. */
  readonly retryAfter: number | undefined;

  constructor(status: number, inner: Inner, retryAfter?: number) {
    super(inner.message);
    this.name = "Problem";
    this.status = status;
    this.code = inner.code;
    this.details = inner.details;
    this.upgradeUrl = inner.upgrade_url ?? undefined;
    this.requestId = inner.request_id ?? undefined;
    this.retryAfter = retryAfter;
  }

  /** Whether one of the day's limits is reached. */
  get isLimit(): boolean {
    return this.code.endsWith("_LIMIT_EXCEEDED");
  }

  /** What is wrong with each field, by its name. */
  get fields(): Record<string, string> {
    if (!Array.isArray(this.details)) return {};
    const problems = this.details.filter(isFieldProblem);
    return Object.fromEntries(problems.map(({ field, problem }) => [field, problem]));
  }

  /** Of an answer that is not 2xx. Also proxies answer, and not in our envelope. */
  static async of(response: Response): Promise<Problem> {
    const body: unknown = await response.json().catch(() => undefined);
    return Problem.from(response, body);
  }

  /** The same, where the body was read already. */
  static from(response: Response, body: unknown): Problem {
    const seconds = Number(response.headers.get("retry-after") ?? "");
    return new Problem(response.status, innerOf(body, response.status), seconds > 0 ? seconds : undefined);
  }

  /** The network did not carry it. */
  static offline(): Problem {
    return new Problem(0, {
      code: "OFFLINE",
      message: "The server can’t be reached. Check your connection.",
    });
  }

  /** Of anything that was thrown. */
  static wrap(error: unknown): Problem {
    if (error instanceof Problem) return error;
    if (error instanceof TypeError) return Problem.offline();
    return new Problem(0, { code: "UNKNOWN", message: "Something went wrong. Please try again." });
  }
}

interface Inner {
  code: string;
  message: string;
  details?: unknown;
  upgrade_url?: string | null;
  request_id?: string | null;
}

function innerOf(body: unknown, status: number): Inner {
  if (typeof body === "object" && body !== null && "error" in body && isInner(body.error)) return body.error;
  const message = status >= 500 ? "The server has a problem. Please try again." : "This did not work.";
  return { code: `HTTP_${status}`, message };
}

function isInner(value: unknown): value is Inner {
  return (
    typeof value === "object" &&
    value !== null &&
    "code" in value &&
    typeof value.code === "string" &&
    "message" in value &&
    typeof value.message === "string"
  );
}

function isFieldProblem(value: unknown): value is FieldProblem {
  return typeof value === "object" && value !== null && "field" in value && "problem" in value;
}

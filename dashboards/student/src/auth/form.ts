import { Problem } from "@medai/client";
import { useEffect, useState } from "react";

/** What a form knows of its last try. Counts down where the API asked for patience. */
export function useTries() {
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const [wait, setWait] = useState(0);
  useEffect(() => {
    if (wait <= 0) return;
    const timer = setTimeout(() => setWait(wait - 1), 1000);
    return () => clearTimeout(timer);
  }, [wait]);
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    setProblem(undefined);
    try {
      await work();
    } catch (error) {
      const problem = Problem.wrap(error);
      setProblem(problem);
      setWait(problem.retryAfter ?? 0);
    } finally {
      setBusy(false);
    }
  };
  return { problem, busy, wait, attempt };
}

import { keep, kept } from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useMay } from "../app/may.ts";
import { keysQuery } from "../keys/keys.ts";
import { isDue, type Memory } from "./steps.ts";

const PLACE = "medai.setup";

function remembered(): Memory {
  const memory = kept(PLACE);
  return memory === "begun" || memory === "dismissed" ? memory : undefined;
}

/** Whether the guide to the first key is there, and how it goes and comes back. Only for who may add keys. */
export function useGuide() {
  const may = useMay();
  const allowed = may("ManageKeys") && may("ViewKeys");
  const [memory, setMemory] = useState(remembered);
  const [wanted, setWanted] = useState(false);
  // Once it is there, it stays until it is put away: its last step is done after its reason is gone.
  const [shown, setShown] = useState(false);
  const refetchInterval = shown || wanted ? 3_000 : 30_000;
  const keys = useQuery({ ...keysQuery, enabled: allowed, refetchInterval }).data;
  const due = allowed && keys !== undefined && isDue(keys, memory);
  if (due && !shown) setShown(true);
  const remember = (now: "begun" | "dismissed") => {
    keep(PLACE, now);
    setMemory(now);
  };
  return {
    keys: keys ?? [],
    open: allowed && keys !== undefined && (wanted || (memory !== "dismissed" && (due || shown))),
    allowed,
    begin: () => remember("begun"),
    dismiss: () => {
      setWanted(false);
      setShown(false);
      remember("dismissed");
    },
    show: () => {
      setWanted(true);
      remember("begun");
    },
  };
}

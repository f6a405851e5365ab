import { Plural, Trans } from "@lingui/react/macro";
import { number } from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { GraduationCap } from "lucide-react";
import { todayQuery } from "./api.ts";

/** The way to studying, with how much is due. */
export function StudyLink({ className }: { className: string }) {
  const { data: today } = useQuery(todayQuery);
  const left = today ? today.due + today.new + today.learning : 0;
  return (
    <Link to="/study" className={className}>
      <GraduationCap size={17} aria-hidden /> <Trans>Study</Trans>
      {left > 0 && (
        <>
          <span aria-hidden className="figures ms-auto rounded-full bg-accent-soft px-2 text-accent text-sm">
            {number(left)}
          </span>
          <span className="sr-only">
            <Plural value={left} one="# card due" other="# cards due" />
          </span>
        </>
      )}
    </Link>
  );
}

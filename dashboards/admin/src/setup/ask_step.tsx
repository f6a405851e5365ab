import { Button } from "@medai/ui";
import { ExternalLink } from "lucide-react";

/** The proof: a question that a real provider answers. */
export function AskStep() {
  return (
    <div className="flex flex-col gap-3">
      <p className="max-w-[60ch] text-muted text-sm">
        Ask anything in the students’ app, such as “What is preload?”. Your account may ask, too. This step is
        done as soon as the new key has answered.
      </p>
      <div>
        <Button asChild look="primary">
          <a href="/" target="_blank" rel="noopener">
            Open the students’ app
            <ExternalLink size={15} aria-hidden />
            <span className="sr-only">in a new tab</span>
          </a>
        </Button>
      </div>
    </div>
  );
}

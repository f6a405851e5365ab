/** The name, with the beat that is its mark. */
export function Wordmark({ suffix }: { suffix?: string }) {
  return (
    <span className="inline-flex items-center gap-2">
      <svg viewBox="0 0 32 32" className="size-7" aria-hidden>
        <rect width="32" height="32" rx="8" className="fill-accent" />
        <path
          d="M5 17.5h5l2.2-6.5 4 12 3-8.5 1.6 3H27"
          className="fill-none stroke-on-accent"
          strokeWidth="2.4"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      <span className="font-serif font-semibold text-[1.3rem] tracking-tight">medai</span>
      {suffix && <span className="mt-1 text-faint text-sm">{suffix}</span>}
    </span>
  );
}

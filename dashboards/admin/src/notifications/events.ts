/** What admins can be told about, in words: its name, and when it is told. */
export const EVENTS: Record<string, [name: string, when: string]> = {
  maintenance_entered: ["Maintenance began", "The platform closed something by itself."],
  maintenance_left: ["Maintenance ended", "The platform opened something again by itself."],
  admin_override: [
    "An admin stepped in",
    "An admin entered, changed or left maintenance. The others are notified.",
  ],
  security_critical: ["Critical security event", "Somebody uses what gives full access."],
  alerts_changed: [
    "Security alerts changed",
    "An admin changed how security events are told. Everybody is notified.",
  ],
  security: ["Security event", "Somebody tries what they should not, again and again."],
  key_degraded: ["Key degraded", "A key failed so often that it is no longer used first."],
  key_recovered: ["Key works again", "A degraded key was tried, and works."],
  failover: ["Failover", "A question went over to another key."],
  key_failed: ["Key failed", "Calls with a key failed, as often as the threshold says."],
  quota_warning: ["Quota runs low", "The keys of a feature have little left for today."],
  key_added: ["Key added", "An admin added a key to the pool."],
  key_deleted: ["Key deleted or changed", "An admin took a key away, or changed it."],
  test: ["Test", "An admin tried the channels."],
};

export const eventName = (event: string): string => EVENTS[event]?.[0] ?? event.replaceAll("_", " ");

const ORDER = Object.keys(EVENTS);

/** The most important first; what is not known here last. */
export const inOrder = (events: string[]): string[] => {
  const place = (event: string) => (ORDER.includes(event) ? ORDER.indexOf(event) : ORDER.length);
  return events.toSorted((a, b) => place(a) - place(b) || a.localeCompare(b));
};

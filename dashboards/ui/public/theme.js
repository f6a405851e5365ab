// Before anything is painted: the theme that was chosen on this device. Without a choice, the system's.
try {
  const theme = localStorage.getItem("medai-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden; then the system's theme it is.
}

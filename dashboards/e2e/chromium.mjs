// The Chromium of this machine: the one that CHROMIUM names, or that is on the path, or that apt-get installs now.
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

export function chromiumPath() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const known = find();
  if (known) return known;
  console.log("There is no Chromium on this machine: apt-get is asked to install one.");
  const asRoot = process.getuid() === 0 ? [] : ["sudo", "-n"];
  apt(asRoot, "update");
  apt(asRoot, "install", "--yes", "--no-install-recommends", "chromium");
  const installed = find();
  if (installed) return installed;
  throw new Error(
    "The end-to-end tests need a Chromium, and apt-get could not install one (see above). " +
      "Install Chromium or Chrome, or set CHROMIUM to the path of one, and run this again.",
  );
}

function apt(asRoot, ...words) {
  const [program, ...rest] = [...asRoot, "apt-get", "--quiet", ...words];
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const { error } = spawnSync(program, rest, { stdio: ["ignore", "ignore", "inherit"], env });
  if (error) console.error(`${program}: ${error.message}`);
}

function find() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

// A PostgreSQL cluster of our own, thrown away at the end: it has a socket only, and does not wait for the disk.

import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, readdirSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { output, pause, start, stop } from "./machine.mjs";

/** The folder with initdb, postgres and psql; a link in PATH stands for the folder that it points into. */
function programs() {
  const debian = existsSync("/usr/lib/postgresql") ? readdirSync("/usr/lib/postgresql").sort().reverse() : [];
  const links = process.env.PATH.split(delimiter).map((folder) => join(folder, "initdb")).filter(existsSync);
  const folders = links.map((link) => dirname(realpathSync(link)));
  folders.push(...debian.map((version) => `/usr/lib/postgresql/${version}/bin`));
  const whole = (folder) => ["initdb", "postgres", "psql"].every((name) => existsSync(join(folder, name)));
  const found = folders.find(whole);
  if (!found) throw new Error("PostgreSQL not found: initdb is neither in PATH nor in /usr/lib/postgresql/*/bin");
  return found;
}

/** PostgreSQL does not run as root: then it runs as `postgres`, else as `nobody`. */
function servant() {
  if (process.getuid() !== 0) return {};
  for (const line of readFileSync("/etc/passwd", "utf8").split("\n")) {
    const [name, , uid, gid] = line.split(":");
    if (name === "postgres" || name === "nobody") return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error("we are root, and there is neither a user postgres nor a user nobody");
}

export class Cluster {
  static async begin(folder) {
    const cluster = new Cluster();
    cluster.bin = programs();
    cluster.home = join(folder, "postgres");
    const as = servant();
    mkdirSync(cluster.home);
    chmodSync(folder, 0o755);
    if (as.uid !== undefined) chownSync(cluster.home, as.uid, as.gid);
    const data = join(cluster.home, "data");
    const made = ["--no-sync", "--encoding=UTF8", "--locale=C", "--auth=trust", "--username=hezuo", "-D", data];
    output(join(cluster.bin, "initdb"), made, { ...as, cwd: cluster.home });
    const settings = ["listen_addresses=", "fsync=off", "max_connections=200"].flatMap((setting) => ["-c", setting]);
    const log = join(folder, "postgres.log");
    cluster.server = start(join(cluster.bin, "postgres"), ["-D", data, "-k", cluster.home, ...settings], { log, ...as });
    for (let tries = 0; ; tries++) {
      try {
        cluster.sql("SELECT 1", "postgres");
        break;
      } catch (error) {
        if (tries > 300) throw error;
        await pause(50);
      }
    }
    cluster.sql("CREATE DATABASE hezuo", "postgres");
    cluster.version = cluster.sql("SHOW server_version", "postgres").split(" ")[0];
    return cluster;
  }

  get url() {
    return `postgres://hezuo@localhost/hezuo?host=${this.home}`;
  }

  get pid() {
    return this.server.pid;
  }

  /** Runs statements with psql. */
  sql(text, database = "hezuo") {
    const args = ["-h", this.home, "-U", "hezuo", "-d", database, "-XAtqv", "ON_ERROR_STOP=1", "-c", text];
    return output(join(this.bin, "psql"), args, { stdio: ["ignore", "pipe", "ignore"] }).trim();
  }

  end() {
    return stop(this.server, "SIGINT");
  }
}

// Starts the GitHub emulator on 127.0.0.1 in this very process, which ends with its standard input: whoever started it may be
// killed, and nothing is left over.
//
//	node start.mjs PORT SEED.yaml
const [port, seed] = process.argv.slice(2);
if (!port || !seed) {
	console.error("usage: node start.mjs PORT SEED.yaml");
	process.exit(2);
}
const end = () => process.exit(0);
process.stdin.on("end", end).on("close", end).on("error", end).resume();
process.argv.splice(2, 2, "start", "-p", port, "-s", "github", "--seed", seed, "--host", "127.0.0.1");
await import("emulate/cli");

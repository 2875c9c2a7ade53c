// node check.mjs FILE: reads an AsyncAPI document with the official parser; ends with 1 where it finds an error.
import { readFile } from "node:fs/promises";
import { Parser } from "@asyncapi/parser";

const ERROR = 0;
const { document, diagnostics } = await new Parser().parse(await readFile(process.argv[2], "utf8"));
const errors = diagnostics
  .filter((found) => found.severity === ERROR)
  .map((found) => `${found.path.join("/")}: ${found.message}`);
const answer = { version: document?.version() ?? null, channels: document?.allChannels().length ?? 0, errors };
process.stdout.write(JSON.stringify(answer));
process.exitCode = errors.length > 0 || document === undefined ? 1 : 0;

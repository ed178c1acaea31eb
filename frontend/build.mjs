// Builds everything the browser loads into frontend/dist. Run by install_and_build.py (make run, make test).
//
//   src/<name>.js         -> dist/<name>.js         every top-level file is an entry; folders are shared modules
//   css/**                -> dist/etude.css         one bundle, layers by folder (see LAYERS)
//   css/standalone/<n>.css-> dist/<n>.css           loaded only by the page that needs it
//   icons.txt             -> dist/icons.svg         the Lucide icons we use, as one sprite
import { build } from "esbuild";
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const ROOT = import.meta.dirname;
const MODULES = path.join(ROOT, "node_modules");
const FINISHED = path.join(ROOT, "dist");
const DIST = path.join(MODULES, `.etude-dist-${process.pid}`); // moved into place at the end: a failed build leaves the old one
const EXCALIDRAW = path.join(MODULES, "@excalidraw/excalidraw/dist/prod");
const LAYERS = ["reset", "tokens", "base", "components", "pages", "utilities"];
const FONTS_LEFT_OUT = new Set(["Xiaolai"]); // 12.6 MB of Chinese glyphs

const common = {
  bundle: true,
  minify: true,
  sourcemap: false,
  target: ["chrome123", "firefox120", "safari17.5"], // the first with light-dark()
  logLevel: "warning",
  legalComments: "none",
  conditions: ["production"], // Excalidraw names its files only under this condition
  absWorkingDir: ROOT,
};

async function filesIn(folder, extension) {
  if (!existsSync(folder)) return [];
  const names = await readdir(folder);
  return names.filter((name) => name.endsWith(extension)).sort();
}

/** Excalidraw falls back to a public CDN for fonts. The address is replaced by our own; when an update
 *  moves it, the build stops instead of silently calling a stranger. Locales other than English are left out. */
function selfHostedExcalidraw() {
  const FALLBACK = /`https:\/\/esm\.sh\/[^;]*?\/dist\/prod\/`/g;
  let matches = 0;
  return {
    name: "self-hosted-excalidraw",
    setup(builder) {
      builder.onLoad({ filter: /@excalidraw[\\/]excalidraw[\\/]dist[\\/]prod[\\/].*\.js$/ }, async ({ path: file }) => {
        if (/locales[\\/](?!en-|percentages-)/.test(file)) return { contents: "export default {}", loader: "js" };
        const text = await readFile(file, "utf8");
        const contents = text.replace(FALLBACK, () => {
          matches += 1;
          return "(window.EXCALIDRAW_ASSET_PATH||location.origin)";
        });
        if (/https:\/\/(esm\.sh|unpkg\.com|cdn\.jsdelivr\.net)/.test(contents)) {
          throw new Error(`${path.basename(file)} still names a public CDN`);
        }
        return { contents, loader: "js" };
      });
      builder.onEnd((result) => {
        const usesBoard = existsSync(path.join(ROOT, "src/whiteboard.js"));
        if (usesBoard && !result.errors.length && matches !== 1) {
          throw new Error(`expected the CDN fall-back exactly once in Excalidraw, found it ${matches} times`);
        }
      });
    },
  };
}

async function buildScripts() {
  const entries = await filesIn(path.join(ROOT, "src"), ".js");
  await build({
    ...common,
    entryPoints: entries.map((name) => `src/${name}`),
    outdir: DIST,
    entryNames: "[name]",
    chunkNames: "chunks/[name]-[hash]",
    assetNames: "assets/[name]-[hash]",
    format: "esm",
    splitting: true,
    define: { "process.env.NODE_ENV": '"production"', "process.env.IS_PREACT": '"false"' },
    loader: { ".woff2": "file" },
    plugins: [selfHostedExcalidraw()],
  });
}

async function layeredStyles() {
  const lines = [`@layer ${LAYERS.join(", ")};`];
  for (const layer of LAYERS) {
    for (const name of await filesIn(path.join(ROOT, "css", layer), ".css")) {
      lines.push(`@import "./css/${layer}/${name}" layer(${layer});`);
    }
  }
  return lines.join("\n");
}

async function buildStyles() {
  const fonts = { ".woff2": "file" };
  await build({
    ...common,
    stdin: { contents: await layeredStyles(), resolveDir: ROOT, loader: "css" },
    outfile: path.join(DIST, "etude.css"),
    assetNames: "fonts/[name]",
    loader: fonts,
  });
  for (const name of await filesIn(path.join(ROOT, "css/standalone"), ".css")) {
    await build({
      ...common,
      entryPoints: [`css/standalone/${name}`],
      outdir: DIST,
      assetNames: "assets/[name]-[hash]",
      loader: fonts,
    });
  }
}

async function buildIcons() {
  const names = (await readFile(path.join(ROOT, "icons.txt"), "utf8")).split(/\s+/).filter(Boolean);
  const symbols = [];
  for (const name of [...new Set(names)].sort()) {
    const svg = await readFile(path.join(MODULES, "lucide-static/icons", `${name}.svg`), "utf8");
    const shapes = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24">${shapes.replace(/\s+/g, " ").trim()}</symbol>`);
  }
  const sprite = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
  await writeFile(path.join(DIST, "icons.svg"), sprite);
}

/** htmx as its makers built it, beside our own files so that it is sent compressed like them. */
const copyHtmx = () => cp(path.join(MODULES, "htmx.org/dist/htmx.min.js"), path.join(DIST, "htmx.js"));

async function copyBoardFonts() {
  const target = path.join(DIST, "excalidraw/fonts");
  for (const family of await readdir(path.join(EXCALIDRAW, "fonts"))) {
    if (FONTS_LEFT_OUT.has(family)) continue;
    await cp(path.join(EXCALIDRAW, "fonts", family), path.join(target, family), { recursive: true });
  }
}

/** WhiteNoise sends the .br or .gz beside a file to whoever takes it, in development too. */
async function compressAll() {
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
  const names = (await readdir(DIST, { recursive: true })).filter((name) => /\.(js|css|svg)$/.test(name));
  await Promise.all(
    names.map(async (name) => {
      const file = path.join(DIST, name);
      const content = await readFile(file);
      if (content.length < 1000) return;
      await writeFile(`${file}.br`, await promisify(brotliCompress)(content, brotli));
      await writeFile(`${file}.gz`, await promisify(gzip)(content, { level: 9 }));
    }),
  );
}

await rm(DIST, { recursive: true, force: true });
await mkdir(DIST, { recursive: true });
await Promise.all([buildScripts(), buildStyles(), buildIcons(), copyHtmx(), copyBoardFonts()]);
await compressAll();
for (const name of ["app.js", "htmx.js", "etude.css", "icons.svg", "whiteboard.css", "admin.css", "excalidraw/fonts"]) {
  if (!existsSync(path.join(DIST, name))) throw new Error(`${name} is missing from the build`);
}
await rm(FINISHED, { recursive: true, force: true });
await rename(DIST, FINISHED);

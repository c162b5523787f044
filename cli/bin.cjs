#!/bin/sh
':' //; # The command `elfin`. The shell reads the lines that begin with ':' and starts Node; Node reads the rest.
':' //; # Node opens /dev/null in place of descriptors that are closed, so that only the shell can tell which those are.
':' //; c=
':' //; { true 9<&0; } 2>/dev/null || c=${c}0
':' //; { true 9>&1; } 2>/dev/null || c=${c}1
':' //; { true 9>&2; } || c=${c}2
':' //; [ -z "$c" ] || export ELFIN_CLOSED="$c"
':' //; # The Node that came with us knows these: compile the interpreter at once, on one other thread (two take turns with the
':' //; # first one where there are two cores), and have no more threads than that; start with a larger heap; optimise the main
':' //; # loop (60 ms on the second thread, waited for at the end) as late as they can; keep the hash seed of the snapshot (2 ms
':' //; # for primes, 1 ms for hashing again: a run is its own and only victim); no OpenSSL file.
':' //; f='--no-wasm-lazy-compilation --wasm-num-compilation-tasks=1 --min-semi-space-size=2 --wasm-tiering-budget=2147483647'
':' //; f="$f --no-rehash-snapshot --v8-pool-size=1 --openssl-config=/dev/null"
':' //; for n in "${0%/*}/node" "${0%/*}/../node_modules/.bin/node"; do [ -x "$n" ] && exec "$n" $f "$0" "$@"; done
':' //; exec node "$0" "$@"

// Plain old JavaScript, so that an old Node gets as far as saying so.
'use strict';

var fs = require('fs');
var path = require('path');

var dist = path.join(__dirname, '../dist/');
// Of 'start', or of 'compiler', by tools/build.ts.
var writing = process.env.ELFIN_WRITE_CODE_CACHE;
// The bundles as modules (tools/parts.ts).
var elfin = { exports: {} };
var loaded = {};
var parts = { startTime: undefined, started: undefined, rest: loadRest, compiler: loadCompiler };
var isCached = true;

if (parseInt(process.versions.node, 10) < 24) require('./old-node.cjs');
else start();

function start() {
  var text;
  try {
    // What starts a program, compiled on one of the engine's own threads while this one loads the rest.
    parts.started = WebAssembly.compile(fs.readFileSync(dist + 'interpreter-start.wasm'));
    // Who waits for it tells of a failure; a command that needs no interpreter does not wait.
    parts.started.catch(function () {});
    text = read('elfin.cjs');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    process.stderr.write('elfin: not built yet: run `npm run build`\n');
    process.exitCode = 125;
    return;
  }
  // The engine goes on from decoding the interpreter to compiling it only when this thread gives it a turn.
  setImmediate(function () {
    var make = compile('elfin.cjs', text);
    if (!isCached) require('module').enableCompileCache();
    parts.startTime = process.hrtime();
    if (isCached) make(elfin.exports, require, elfin, dist);
    else elfin.exports = require(dist + 'elfin.cjs');
    elfin.exports.main(parts).then(end);
  });
}

// What most short programs do not need.
function loadRest() {
  return load('elfin-rest.cjs');
}

function loadCompiler() {
  return load('elfin-compiler.cjs');
}

function load(name) {
  var part = loaded[name];
  if (part === undefined) {
    loaded[name] = part = { exports: {} };
    if (isCached) compile(name, read(name))(part.exports, fromStart, part, dist);
    else part.exports = require(dist + name);
  }
  return part.exports;
}

function fromStart(name) {
  return name === './elfin.cjs' ? elfin.exports : require(name);
}

function read(name) {
  return fs.readFileSync(dist + name, 'latin1');
}

// The function around a bundle. tools/build.ts left the engine's compiled code beside it, taken after a run, so that it holds
// what a run needs; with another version of Node, or other flags, Node's own cache of modules has to do.
function compile(name, source) {
  var cache = dist + name + '.' + process.version + (process.execArgv.length > 0 ? '-flags' : '') + '.cache';
  var cachedData, script;
  var isWritten = writing === (name === 'elfin-compiler.cjs' ? 'compiler' : 'start');
  try {
    if (!isWritten) cachedData = fs.readFileSync(cache);
  } catch (_absent) {
    isCached = name !== 'elfin.cjs';
    if (!isCached) return undefined;
  }
  script = new (require('vm').Script)(source, { filename: dist + name, cachedData: cachedData });
  if (isWritten) {
    // So that the functions of the end are among them.
    process.on('exit', function () {
      fs.writeFileSync(cache, script.createCachedData());
    });
  }
  return script.runInThisContext();
}

function end(ending) {
  // Nothing but Node's own exit writes the caches.
  elfin.exports.leave(writing ? { status: ending.status, instructions: 0 } : ending);
}

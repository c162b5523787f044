#!/bin/sh
':' //; # The command `elfin`. The shell reads the lines that begin with ':' and starts Node; Node reads the rest.
':' //; # Node opens /dev/null in place of descriptors that are closed, so that only the shell can tell which those are.
':' //; c=
':' //; { true 9<&0; } 2>/dev/null || c=${c}0
':' //; { true 9>&1; } 2>/dev/null || c=${c}1
':' //; { true 9>&2; } || c=${c}2
':' //; [ -z "$c" ] || export ELFIN_CLOSED="$c"
':' //; # The Node that came with us knows these: compile the interpreter at once (on other threads); start with a larger heap;
':' //; # optimise the main loop (a third of a second on a second thread) after 3 ms of running rather than at once; keep the
':' //; # hash seed of the snapshot (2 ms for primes, 1 ms for hashing again: a run is its own and only victim); no OpenSSL file.
':' //; f='--no-wasm-lazy-compilation --min-semi-space-size=2 --wasm-tiering-budget=2000000000 --no-rehash-snapshot'
':' //; f="$f --openssl-config=/dev/null"
':' //; for n in "${0%/*}/node" "${0%/*}/../node_modules/.bin/node"; do [ -x "$n" ] && exec "$n" $f "$0" "$@"; done
':' //; exec node "$0" "$@"

// Plain old JavaScript, so that an old Node gets as far as saying so; statements rather than functions, which the engine
// would read twice.
'use strict';

var fs = require('fs');
var path = require('path');

var dist = path.join(__dirname, '../dist/');
var bundle = dist + 'elfin.cjs';
var isWriting = process.env.ELFIN_WRITE_CODE_CACHE !== undefined;
var started, source, cachedData;

if (parseInt(process.versions.node, 10) < 24) require('./old-node.cjs');
else {
  try {
    // What starts a program, compiled on the engine's own threads while this one loads the rest.
    started = WebAssembly.compile(fs.readFileSync(dist + 'interpreter-start.wasm'));
    // Who waits for it tells of a failure; a command that needs no interpreter does not wait.
    started.catch(function () {});
    source = fs.readFileSync(bundle, 'latin1');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  // tools/build.ts left the engine's compiled code beside the bundle, taken after a run, so that it holds the functions
  // that a run needs; another version of Node, or other flags, make Node's own cache of what it compiled.
  var cache = bundle + '.' + process.version + (process.execArgv.length > 0 ? '-flags' : '') + '.cache';
  try {
    if (!isWriting) cachedData = fs.readFileSync(cache);
  } catch (_absent) {}
  if (source === undefined) {
    process.stderr.write('elfin: not built yet: run `npm run build`\n');
    process.exitCode = 125;
  } else if (cachedData || isWriting) {
    var script = new (require('vm').Script)(source, { filename: bundle, cachedData: cachedData });
    // The engine goes on from decoding the interpreter to compiling it only when this thread gives it a turn.
    setImmediate(function () {
      var elfin = { exports: {} };
      script.runInThisContext()(elfin.exports, require, elfin, dist);
      elfin.exports.main(started).then(function (ending) {
        if (isWriting) {
          // So that the functions of the end are among them.
          process.on('exit', function () {
            fs.writeFileSync(cache, script.createCachedData());
          });
          ending = { status: ending.status, instructions: 0 };
        }
        elfin.exports.leave(ending);
      });
    });
  } else {
    require('module').enableCompileCache();
    var command = require(bundle);
    command.main(started).then(command.leave);
  }
}

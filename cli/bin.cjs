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

// Plain old JavaScript, so that an old Node gets as far as the message below.
'use strict';

var fs = require('fs');
var path = require('path');

var minimum = 24;
var bundle = path.join(__dirname, '../dist/elfin.cjs');

if (parseInt(process.versions.node, 10) < minimum) restart();
else if (fs.existsSync(bundle)) start();
else fail('not built yet: run `npm run build`');

/**
 * Runs the bundle. tools/build.ts left the engine's compiled code beside it, taken after a run, so that it holds the
 * functions that a run needs; another version of Node, or other flags, make Node's own cache of what it compiled.
 */
function start() {
  var cache = bundle + '.' + process.version + (process.execArgv.length > 0 ? '-flags' : '') + '.cache';
  var wanted = process.env.ELFIN_WRITE_CODE_CACHE;
  var started = compile();
  var cachedData;
  try {
    cachedData = wanted ? undefined : fs.readFileSync(cache);
  } catch (_absent) {
    require('module').enableCompileCache();
    var elfin = require(bundle);
    return elfin.main(started).then(elfin.leave);
  }
  var vm = require('vm');
  var source = '(function (exports, require, module, __dirname) {' + fs.readFileSync(bundle, 'latin1') + '\n})';
  var script = new vm.Script(source, { filename: bundle, cachedData: cachedData });
  // The engine goes on from decoding the interpreter to compiling it only when this thread gives it a turn.
  setImmediate(function () {
    var module_ = { exports: {} };
    script.runInThisContext()(module_.exports, require, module_, path.dirname(bundle));
    module_.exports.main(started).then(function (ending) {
      if (wanted) fs.writeFileSync(cache, script.createCachedData());
      module_.exports.leave(ending);
    });
  });
}

/** Has the engine compile what starts a program, on its own threads, while this one loads the rest. */
function compile() {
  var module = path.join(__dirname, '../dist/interpreter-start.wasm');
  if (!fs.existsSync(module)) return undefined;
  var started = WebAssembly.compile(fs.readFileSync(module));
  // Who waits for it tells of a failure; a command that needs no interpreter does not wait.
  started.catch(function () {});
  return started;
}

/** Goes on under the Node of the npm package `node`, if that is installed beside us, else says what to install. */
function restart() {
  for (var at = __dirname; ; at = path.dirname(at)) {
    var node = path.join(at, 'node_modules', 'node', 'bin', 'node');
    if (fs.existsSync(node)) break;
    if (path.dirname(at) === at) {
      return fail(
        'needs Node.js ' +
          minimum +
          ' or newer, and this is ' +
          process.versions.node +
          ': install it from https://nodejs.org or with `npm install node@' +
          minimum +
          '`',
      );
    }
  }
  var args = [__filename].concat(process.argv.slice(2));
  if (process.execve) return process.execve(node, [node].concat(args), process.env);
  var child = require('child_process').spawn(node, args, { stdio: 'inherit' });
  ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGCONT', 'SIGWINCH'].forEach(function (name) {
    // A terminal sends Ctrl-C to the child as well, which decides what it means.
    process.on(name, function () {
      if (name !== 'SIGINT' || !process.stdin.isTTY) child.kill(name);
    });
  });
  child.on('exit', function (code, signal) {
    if (!signal) return process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function fail(message) {
  process.stderr.write('elfin: ' + message + '\n');
  process.exitCode = 125;
}

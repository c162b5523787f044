#!/bin/sh
':' //; # The command `elfin`. The shell reads the lines that begin with ':' and starts Node; Node reads the rest.
':' //; # Node opens /dev/null in place of descriptors that are closed, so that only the shell can tell which those are.
':' //; c=
':' //; { true 9<&0; } 2>/dev/null || c=${c}0
':' //; { true 9>&1; } 2>/dev/null || c=${c}1
':' //; { true 9>&2; } 2>/dev/null || c=${c}2
':' //; [ -z "$c" ] || export ELFIN_CLOSED="$c"
':' //; for n in "${0%/*}/node" "${0%/*}/../node_modules/.bin/node"; do [ -x "$n" ] && exec "$n" "$0" "$@"; done
':' //; exec node "$0" "$@"

// Plain old JavaScript, so that an old Node gets as far as the message below.
'use strict';

var minimum = 24;

if (parseInt(process.versions.node, 10) < minimum) restart();
else {
  var loader = require('module');
  if (loader.enableCompileCache) loader.enableCompileCache();
  require('../dist/elfin.cjs');
}

/** Goes on under the Node of the npm package `node`, if that is installed beside us, else says what to install. */
function restart() {
  var fs = require('fs');
  var path = require('path');
  for (var at = __dirname; ; at = path.dirname(at)) {
    var node = path.join(at, 'node_modules', 'node', 'bin', 'node');
    if (fs.existsSync(node)) break;
    if (path.dirname(at) === at) {
      process.stderr.write('elfin: needs Node.js ' + minimum + ' or newer, and this is ' + process.versions.node + ': install it from https://nodejs.org or with `npm install node@' + minimum + '`\n');
      process.exit(125);
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

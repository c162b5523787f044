// What the command does on a Node too old for it: goes on under the Node of the npm package `node`, if that is installed
// beside us, else says what to install.
'use strict';

var fs = require('fs');
var path = require('path');

var MINIMUM = 24;
var command = path.join(__dirname, 'bin.cjs');

restart();

function restart() {
  for (var at = __dirname; ; at = path.dirname(at)) {
    var node = path.join(at, 'node_modules', 'node', 'bin', 'node');
    if (fs.existsSync(node)) break;
    if (path.dirname(at) === at) {
      return fail(
        'needs Node.js ' +
          MINIMUM +
          ' or newer, and this is ' +
          process.versions.node +
          ': install it from https://nodejs.org or with `npm install node@' +
          MINIMUM +
          '`',
      );
    }
  }
  var args = [command].concat(process.argv.slice(2));
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

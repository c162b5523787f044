// A descriptor opened with O_PATH: a place in the tree, not a file to read (open(2)).

import { E } from '../../abi/errno.ts';
import { POLLNVAL } from '../wait.ts';
import { BaseFile } from './base-file.ts';

export class PathFile extends BaseFile {
  override read(): number {
    throw E.EBADF;
  }
  override write(): number {
    throw E.EBADF;
  }
  override seek(): number {
    throw E.EBADF;
  }
  override ioctl(): number {
    throw E.EBADF;
  }
  override sync(): void {
    throw E.EBADF;
  }
  override poll(): number {
    return POLLNVAL;
  }
}

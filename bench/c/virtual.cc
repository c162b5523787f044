// Virtual methods of objects of four classes.
#include "timing.h"

struct Shape {
  uint64_t size;
  explicit Shape(uint64_t size) : size(size) {}
  virtual ~Shape() {}
  virtual uint64_t area(uint64_t x) const = 0;
  virtual void grow(uint64_t by) { size += by; }
};
struct Square : Shape {
  using Shape::Shape;
  uint64_t area(uint64_t x) const override { return size * size + x; }
};
struct Strip : Shape {
  using Shape::Shape;
  uint64_t area(uint64_t x) const override { return size * 3 ^ x; }
  void grow(uint64_t by) override { size ^= by; }
};
struct Ring : Shape {
  using Shape::Shape;
  uint64_t area(uint64_t x) const override { return (size << 5 | size >> 59) + x; }
};
struct Cross : Shape {
  using Shape::Shape;
  uint64_t area(uint64_t x) const override { return size - (x >> 2); }
  void grow(uint64_t by) override { size = size * 5 + by; }
};

int main(int argc, char **argv) {
  static Shape *shapes[256];
  uint64_t seed = 9, sum = 0;
  for (auto &shape : shapes) {
    uint32_t x = next_random(&seed);
    switch (x & 3) {
      case 0: shape = new Square(x); break;
      case 1: shape = new Strip(x); break;
      case 2: shape = new Ring(x); break;
      default: shape = new Cross(x);
    }
  }
  long count = scaled(argv, 200000);
  long start = now();
  for (long round = 0; round < count; round++)
    for (Shape *shape : shapes) {
      sum += shape->area(sum);
      if ((sum & 7) == 0) shape->grow(round);
    }
  report("virtual", count, start);
  check("virtual", sum);
}

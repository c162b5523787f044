// Status flags by their bits in RFLAGS (Intel SDM volume 1, 3.4.3.1).

export const CF = 0x001,
  PF = 0x004,
  AF = 0x010,
  ZF = 0x040,
  SF = 0x080,
  OF = 0x800;
export const STATUS_FLAGS = CF | PF | AF | ZF | SF | OF;

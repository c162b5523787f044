// On capset: of others it is refused.
#include "pids.h"
#include <linux/capability.h>
static struct __user_cap_header_struct h;
static struct __user_cap_data_struct d[2];
int main(void) {
  PIDS((h.version = _LINUX_CAPABILITY_VERSION_3, h.pid = pid, syscall(SYS_capget, &h, d), syscall(SYS_capset, &h, d)));
}

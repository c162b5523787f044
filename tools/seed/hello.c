#include <stdio.h>

int main(void)
{
	printf("Hello from C code\n");
	return 0;
}

// What is before main() on a Cortex-M4: the vector table and the sections. Output and exit go through semihosting (librdimon).
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

extern uint32_t data_load[], data_start[], data_end[], bss_start[], bss_end[], ram_end[];

void initialise_monitor_handles(void);
int main(void);
void reset(void);

void reset(void)
{
    *(volatile uint32_t *)0xE000ED88 |= 0xFu << 20; // CPACR: the floating-point unit is on.
    memcpy(data_start, data_load, (uintptr_t)data_end - (uintptr_t)data_start);
    memset(bss_start, 0, (uintptr_t)bss_end - (uintptr_t)bss_start);
    initialise_monitor_handles();
    exit(main());
}

static void fault(void)
{
    exit(1);
}

struct vectors {
    uint32_t *stack;
    void (*handlers[15])(void);
};

__attribute__((section(".vectors"), used)) static const struct vectors vectors = {
    ram_end, {reset, fault, fault, fault, fault, fault}};

// newlib's exit() calls them.
void _init(void) {}
void _fini(void) {}

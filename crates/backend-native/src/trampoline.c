/* Entry into compiled code, and the ways out of it.
 *
 * Compiled code has no unwind tables and no destructors. A throw is a longjmp to the innermost
 * entry of this thread; only frames of compiled code and of shims without destructors lie between.
 *
 * Compiled code does not count its calls either. A runaway recursion runs into memory that may not
 * be touched: the system's guard page, or on large stacks one of ours well before it, so that it
 * ends before it has used up all memory. The handler of the fault leaves by the same longjmp, if
 * the fault happened in compiled code (code that no loaded library owns) next to the stack pointer. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <ucontext.h>

struct entry_frame {
    jmp_buf buffer;
    struct entry_frame *outer;
    void *volatile exception;
};

enum outcome { RETURNED = 0, THREW = 1, OVERFLOWED = 2 };

/* What compiled code may use of a large stack; more than the interpreter allows itself. */
#define USABLE ((uintptr_t)256 << 20)
#define GUARD ((uintptr_t)1 << 20)
/* What runtime functions may need below the last frame of compiled code. */
#define MARGIN ((uintptr_t)256 << 10)

static _Thread_local struct entry_frame *innermost;
static _Thread_local int prepared;
static _Thread_local uintptr_t lowest;
static struct sigaction previous;
static pthread_once_t installed = PTHREAD_ONCE_INIT;

static void on_fault(int signal, siginfo_t *info, void *context)
{
    uintptr_t pc = 0, sp = 0;
#if defined(__x86_64__)
    ucontext_t *machine = context;
    pc = (uintptr_t)machine->uc_mcontext.gregs[REG_RIP];
    sp = (uintptr_t)machine->uc_mcontext.gregs[REG_RSP];
#elif defined(__aarch64__)
    ucontext_t *machine = context;
    pc = (uintptr_t)machine->uc_mcontext.pc;
    sp = (uintptr_t)machine->uc_mcontext.sp;
#endif
    uintptr_t at = (uintptr_t)info->si_addr;
    Dl_info owner;
    if (innermost != NULL && pc != 0 && at + GUARD > sp && at < sp + 4096 && dladdr((void *)pc, &owner) == 0)
        longjmp(innermost->buffer, OVERFLOWED);
    if (previous.sa_flags & SA_SIGINFO)
        previous.sa_sigaction(signal, info, context);
    else if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN)
        previous.sa_handler(signal);
    else
        sigaction(SIGSEGV, &previous, NULL); /* the instruction faults again */
}

static void install(void)
{
    struct sigaction action = {0};
    action.sa_sigaction = on_fault;
    /* Not blocked while it runs: it may not return. */
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    sigemptyset(&action.sa_mask);
    sigaction(SIGSEGV, &action, &previous);
}

static void prepare(void)
{
    prepared = 1;
    pthread_once(&installed, install);
    pthread_attr_t attributes;
    void *low;
    size_t size;
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) {
        lowest = 0;
        return;
    }
    pthread_attr_getstack(&attributes, &low, &size);
    pthread_attr_destroy(&attributes);
    lowest = (uintptr_t)low + MARGIN;
    /* Stacks of threads are mappings of their own, of which a part can be closed; the first thread's grows. */
    if (here - (uintptr_t)low > USABLE + 2 * GUARD) {
        uintptr_t guard = (here - USABLE) & ~(uintptr_t)0xffff;
        if (mprotect((void *)(guard - GUARD), GUARD, PROT_NONE) == 0)
            lowest = guard + MARGIN;
    }
}

/* Is there too little stack left for a runtime function? */
int rk_stack_is_short(void)
{
    return (uintptr_t)__builtin_frame_address(0) < lowest;
}

/* Runs f(a, b): its result in *result, or the exception. */
int rk_enter(void *(*f)(void *, uintptr_t), void *a, uintptr_t b, void **result)
{
    struct entry_frame frame;
    if (!prepared)
        prepare();
    frame.outer = innermost;
    frame.exception = NULL;
    int how = _setjmp(frame.buffer);
    if (how == RETURNED) {
        innermost = &frame;
        *result = f(a, b);
        innermost = frame.outer;
        return RETURNED;
    }
    innermost = frame.outer;
    *result = frame.exception;
    return how;
}

/* Leaves compiled code with an exception. Never returns. */
void rk_leave(void *exception)
{
    struct entry_frame *frame = innermost;
    if (frame == NULL)
        __builtin_trap();
    frame->exception = exception;
    longjmp(frame->buffer, THREW);
}

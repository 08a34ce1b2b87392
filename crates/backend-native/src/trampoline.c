/* Entry into compiled code, and the way out of it for exceptions.
 *
 * Compiled code has no unwind tables and no destructors. A throw is a longjmp to the innermost
 * entry of this thread; only frames of compiled code and of shims without destructors lie between. */

#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

struct entry_frame {
    jmp_buf buffer;
    struct entry_frame *outer;
    void *volatile exception;
};

static _Thread_local struct entry_frame *innermost;

/* Runs f(a, b). Returns 0 and its result in *result, or 1 and the exception. */
int rk_enter(void *(*f)(void *, uintptr_t), void *a, uintptr_t b, void **result)
{
    struct entry_frame frame;
    frame.outer = innermost;
    frame.exception = NULL;
    if (_setjmp(frame.buffer) == 0) {
        innermost = &frame;
        *result = f(a, b);
        innermost = frame.outer;
        return 0;
    }
    innermost = frame.outer;
    *result = frame.exception;
    return 1;
}

/* Leaves compiled code with an exception. Never returns. */
void rk_leave(void *exception)
{
    struct entry_frame *frame = innermost;
    if (frame == NULL)
        __builtin_trap();
    frame->exception = exception;
    longjmp(frame->buffer, 1);
}

/* Rekindle from C: load Julia code, launch its kernels on memory of yours.
 *
 * Every function that can fail returns 0 on success and 1 on failure; rekindle_error() then tells why. One thread
 * at a time may use the library; all calls run on a thread of the library's own, whose stack is large enough for
 * deep recursion. */
#ifndef REKINDLE_H
#define REKINDLE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Starts Rekindle. Later calls do nothing. */
int rekindle_open(void);

/* Evaluates source text in Main; `name` stands for it in messages. Redefinitions are seen by the next launch. */
int rekindle_load(const char *name, const char *text);

/* Evaluates a file. */
int rekindle_load_file(const char *path);

enum rekindle_kind {
    REKINDLE_BOOL = 0,
    REKINDLE_I32 = 1,
    REKINDLE_I64 = 2,
    REKINDLE_F32 = 3,
    REKINDLE_F64 = 4,
    /* vectors: `data` and `length` */
    REKINDLE_I32_VECTOR = 5,
    REKINDLE_I64_VECTOR = 6,
    REKINDLE_F32_VECTOR = 7,
    REKINDLE_F64_VECTOR = 8
};

/* A kernel's argument: a number in `integer` or `real`, or a vector. */
typedef struct {
    int32_t kind;
    int64_t integer;
    double real;
    void *data;
    size_t length;
} rekindle_arg;

/* Compiles a kernel for these arguments (if that has not been done) and runs it: `groups` and `group_size` have three
 * dimensions each, `shared` is the dynamic shared memory of a group in bytes. Returns when the kernel has finished. */
int rekindle_launch(const char *kernel, const uint32_t groups[3], const uint32_t group_size[3], uint32_t shared,
                    const rekindle_arg *args, size_t nargs);

/* Text of the last failure; valid until the next call. Never NULL. */
const char *rekindle_error(void);

#ifdef __cplusplus
}
#endif
#endif

/* Rekindle from C and C++: load Julia code, launch its kernels on memory of yours or on arrays of the device.
 *
 * Functions that can fail return 0 on success and 1 on failure (those that return a pointer: NULL); rekindle_error()
 * then tells why. A NULL where something is needed is a failure, never a crash.
 *
 * Threads: every function may be called from any thread, whatever the size of its stack, and from several at once.
 * Launches run at the same time; texts are loaded one after the other, while launches go on. Each thread has an error
 * text of its own. */
#ifndef REKINDLE_H
#define REKINDLE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Starts Rekindle; needed before all else. Later calls do nothing. */
int rekindle_open(void);

/* Writes out what Julia code printed. Until the next rekindle_open all calls fail; what was loaded stays. */
void rekindle_close(void);

/* Evaluates source text in Main; `name` stands for it in messages. Redefinitions are seen by the next launch. */
int rekindle_load(const char *name, const char *text);

/* Evaluates a file; `include` in it is relative to it. */
int rekindle_load_file(const char *path);

/* Evaluates an expression in Main. Unless `value` is NULL it gets the value as Julia shows it, to be freed with
 * rekindle_free(). */
int rekindle_eval(const char *code, char **value);

/* Frees a text; NULL is ignored. */
void rekindle_free(char *text);

/* Kinds of numbers. A vector of such numbers is REKINDLE_VECTOR + its elements' kind. */
enum rekindle_kind {
    REKINDLE_BOOL = 0,
    REKINDLE_I8 = 1,
    REKINDLE_I16 = 2,
    REKINDLE_I32 = 3,
    REKINDLE_I64 = 4,
    REKINDLE_U8 = 5,
    REKINDLE_U16 = 6,
    REKINDLE_U32 = 7,
    REKINDLE_U64 = 8,
    REKINDLE_F32 = 9,
    REKINDLE_F64 = 10,
    REKINDLE_VECTOR = 16,
    REKINDLE_I32_VECTOR = REKINDLE_VECTOR + REKINDLE_I32,
    REKINDLE_I64_VECTOR = REKINDLE_VECTOR + REKINDLE_I64,
    REKINDLE_F32_VECTOR = REKINDLE_VECTOR + REKINDLE_F32,
    REKINDLE_F64_VECTOR = REKINDLE_VECTOR + REKINDLE_F64,
    /* an array on the device: `data` is a rekindle_array */
    REKINDLE_ARRAY = 32
};

/* A kernel's argument: a number in `integer` (booleans, all integers) or `real`; a vector of `length` numbers at
 * `data`, which the kernel reads and writes in place; or an array on the device. */
typedef struct {
    int32_t kind;
    int64_t integer;
    double real;
    void *data;
    size_t length;
} rekindle_arg;

/* Compiles a kernel for arguments of these types, if that has not been done, and runs nothing. A launch does it on
 * its own; this is for those who want the time to pass, or the errors to come, earlier. */
int rekindle_compile(const char *kernel, const rekindle_arg *args, size_t nargs);

/* Compiles a kernel for these arguments (if that has not been done) and runs it: `groups` and `group_size` have three
 * dimensions each, `shared` is the dynamic shared memory of a group in bytes. Returns when the kernel has finished.
 * No two vectors may overlap. */
int rekindle_launch(const char *kernel, const uint32_t groups[3], const uint32_t group_size[3], uint32_t shared,
                    const rekindle_arg *args, size_t nargs);

/* The same for a `@kernel` of KernelAbstractions, over an index range: `range` and `group` (work-items of a group) have
 * `rank` (1 to 3) dimensions. */
int rekindle_launch_over(const char *kernel, const size_t *range, const uint32_t *group, size_t rank,
                         const rekindle_arg *args, size_t nargs);

/* An argument of a kernel's entry: which of the call's arguments it is (from 0), its bytes, and their alignment. */
typedef struct {
    uint64_t argument;
    uint64_t size;
    uint64_t align;
} rekindle_parameter;

/* A kernel for a machine of another kind, for programs that launch it themselves: `size` bytes (a NUL follows them) with the
 * entry's name. The entry takes, by value and in this order: if `with_state`, the address of zeroed memory of 256 bytes that
 * device and host see, whose first 32-bit word is not 0 after a launch in which something was thrown; if `with_table`, the
 * address of a table of references; then the parameters; if `with_shared` (SPIR-V alone), shared memory whose size the launch
 * gives. Arguments without data are not among them. An array is its address,
 * then its size in each dimension as 64-bit integers. */
typedef struct {
    char *bytes;
    size_t size;
    char *entry;
    rekindle_parameter *parameters;
    size_t nparameters;
    int with_state;
    int with_table;
    int with_shared;
} rekindle_device_image;

/* Compiles a kernel for arguments of these types and a target such as "ptx" or "gcn"; `arch` is one of its architectures
 * ("sm_90") or NULL. Fills `image`, to be freed with rekindle_image_free(). */
int rekindle_image(const char *kernel, const char *target, const char *arch, const rekindle_arg *args, size_t nargs,
                   rekindle_device_image *image);
void rekindle_image_free(rekindle_device_image *image);

/* An array in the device's memory, which stays there between launches. */
typedef struct RekindleArray rekindle_array;

/* An array of zeros with `rank` (1 to 3) dimensions, the first of them contiguous. NULL on failure. */
rekindle_array *rekindle_array_new(int32_t kind, const size_t *dims, size_t rank);

/* Copies all elements to or from the device; `bytes` is the size of the whole array. */
int rekindle_array_write(rekindle_array *array, const void *data, size_t bytes);
int rekindle_array_read(const rekindle_array *array, void *data, size_t bytes);

/* Frees an array that no launch uses any more; NULL is ignored. */
void rekindle_array_free(rekindle_array *array);

/* Text of this thread's last failure, with excerpts of the source where that helps; valid until the thread's next
 * failure. Never NULL. */
const char *rekindle_error(void);

#ifdef __cplusplus
}
#endif
#endif

/* A C program that embeds Rekindle; its exit code says whether all went well. Also compiled as C++. */
#include "rekindle.h"
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static const char *source =
    "using CUDA, KernelAbstractions\n"
    "@kernel function table!(y)\n"
    "    i, j = @index(Global, NTuple)\n"
    "    y[i, j] = 10i + j\n"
    "end\n"
    "f(x, a) = a * x\n"
    "function apply!(y, a)\n"
    "    i = (blockIdx().x - 1) * blockDim().x + threadIdx().x\n"
    "    i <= length(y) && (y[i] = f(y[i], a))\n"
    "    return\n"
    "end\n"
    "beyond!(y) = (y[length(y) + 1] = 0; return)\n"
    "corner!(m, n) = (m[2, 3] = n; return)\n"
    "kinds!(out, b, i, u, s) = (out[1] = b; out[2] = i; out[3] = u; out[4] = s; return)\n"
    "wrong!(y) = (y[1] = undefined_name; return)\n";

#define CHECK(condition)                                                              \
    if (!(condition)) {                                                               \
        fprintf(stderr, "line %d: %s\n%s\n", __LINE__, #condition, rekindle_error()); \
        return 1;                                                                     \
    }
#define SAYS(text) CHECK(strstr(rekindle_error(), text) != NULL)

static const uint32_t one[3] = {1, 1, 1}, groups[3] = {4, 1, 1}, size[3] = {32, 1, 1};

static rekindle_arg argument(int32_t kind) {
    rekindle_arg a;
    memset(&a, 0, sizeof a);
    a.kind = kind;
    return a;
}

static rekindle_arg vector(double *y, size_t n) {
    rekindle_arg a = argument(REKINDLE_F64_VECTOR);
    a.data = y;
    a.length = n;
    return a;
}

static rekindle_arg number(double x) {
    rekindle_arg a = argument(REKINDLE_F64);
    a.real = x;
    return a;
}

/* Loading, launching, redefining. */
static int kernels(const char *file) {
    double y[100];
    rekindle_arg args[2];
    int i;
    for (i = 0; i < 100; i++) y[i] = i;
    args[0] = vector(y, 100);
    args[1] = number(2.0);
    CHECK(rekindle_load("apply.jl", source) == 0);
    CHECK(rekindle_compile("apply!", args, 2) == 0);
    for (i = 0; i < 100; i++) CHECK(y[i] == i);
    CHECK(rekindle_launch("apply!", groups, size, 0, args, 2) == 0);
    for (i = 0; i < 100; i++) CHECK(y[i] == 2.0 * i);
    CHECK(rekindle_load("again.jl", "f(x, a) = x + a") == 0);
    CHECK(rekindle_launch("apply!", groups, size, 0, args, 2) == 0);
    for (i = 0; i < 100; i++) CHECK(y[i] == 2.0 * i + 2.0);
    CHECK(rekindle_load_file(file) == 0);
    CHECK(rekindle_launch("from_file!", one, one, 0, args, 1) == 0);
    CHECK(y[0] == 42.0);
    return 0;
}

/* Images for devices of another kind. */
static int images(void) {
    rekindle_arg args[2];
    rekindle_device_image image;
    double y[4] = {0};
    args[0] = vector(y, 4);
    args[1] = number(2.0);
    CHECK(rekindle_image("apply!", "ptx", "sm_90", args, 2, &image) == 0);
    CHECK(strlen(image.bytes) == image.size && strstr(image.bytes, ".target sm_90") != NULL);
    CHECK(strstr(image.bytes, image.entry) != NULL);
    CHECK(image.nparameters == 2 && image.with_table == 0);
    CHECK(image.parameters[0].argument == 0 && image.parameters[0].size == 16 && image.parameters[0].align == 8);
    CHECK(image.parameters[1].argument == 1 && image.parameters[1].size == 8);
    rekindle_image_free(&image);
    rekindle_image_free(&image);
    rekindle_image_free(NULL);
    CHECK(rekindle_image("apply!", "ptx", NULL, args, 2, NULL) == 1);
    SAYS("NULL");
    CHECK(rekindle_image("apply!", "ptx", "sm_1", args, 2, &image) == 1);
    SAYS("sm_1");
    CHECK(rekindle_image("apply!", "pdp11", NULL, args, 2, &image) == 1);
    SAYS("there is no target `pdp11`");
    CHECK(rekindle_image("apply!", "ptx", NULL, args, 1, &image) == 1);
    SAYS("no method matching apply!");
    return 0;
}

/* Numbers of all kinds, arrays on the device. */
static int arrays(void) {
    const size_t dims[2] = {2, 3};
    const uint32_t group[2] = {2, 2};
    float m[6] = {0}, out[4] = {0};
    rekindle_arg args[5];
    rekindle_array *array = rekindle_array_new(REKINDLE_F32, dims, 2);
    CHECK(array != NULL);
    m[0] = 1.0f;
    CHECK(rekindle_array_write(array, m, sizeof m) == 0);
    args[0] = argument(REKINDLE_ARRAY);
    args[0].data = array;
    args[1] = argument(REKINDLE_I32);
    args[1].integer = 7;
    CHECK(rekindle_launch("corner!", one, one, 0, args, 2) == 0);
    CHECK(rekindle_array_read(array, m, sizeof m) == 0);
    CHECK(m[0] == 1.0f && m[1] == 0.0f && m[5] == 7.0f);
    CHECK(rekindle_launch_over("table!", dims, group, 2, args, 1) == 0);
    CHECK(rekindle_array_read(array, m, sizeof m) == 0);
    CHECK(m[0] == 11.0f && m[1] == 21.0f && m[5] == 23.0f);
    CHECK(rekindle_launch_over("corner!", dims, group, 2, args, 1) == 1);
    SAYS("no `@kernel`");
    CHECK(rekindle_launch_over("table!", dims, group, 4, args, 1) == 1);
    CHECK(rekindle_launch_over("table!", NULL, group, 2, args, 1) == 1);
    CHECK(rekindle_array_read(array, m, 3) == 1);
    SAYS("24 bytes, not 3");
    rekindle_array_free(array);
    rekindle_array_free(NULL);
    CHECK(rekindle_array_new(REKINDLE_F32, dims, 9) == NULL);
    SAYS("dimensions");
    CHECK(rekindle_array_new(99, dims, 1) == NULL);
    CHECK(rekindle_array_new(REKINDLE_F32, NULL, 1) == NULL);

    args[0] = argument(REKINDLE_F32_VECTOR);
    args[0].data = out;
    args[0].length = 4;
    args[1] = argument(REKINDLE_BOOL);
    args[1].integer = 1;
    args[2] = argument(REKINDLE_I8);
    args[2].integer = -3;
    args[3] = argument(REKINDLE_U16);
    args[3].integer = 65535;
    args[4] = argument(REKINDLE_F32);
    args[4].real = 0.5;
    CHECK(rekindle_launch("kinds!", one, one, 0, args, 5) == 0);
    CHECK(out[0] == 1.0f && out[1] == -3.0f && out[2] == 65535.0f && out[3] == 0.5f);
    return 0;
}

/* Everything that can be wrong is an error with a text. */
static int errors(void) {
    double y[4] = {0};
    rekindle_arg args[1];
    char *value = NULL;
    args[0] = vector(y, 4);
    CHECK(rekindle_launch("beyond!", one, one, 0, args, 1) == 1);
    SAYS("BoundsError");
    SAYS("apply.jl:12");
    CHECK(rekindle_launch("wrong!", one, one, 0, args, 1) == 1);
    SAYS("undefined_name");
    SAYS("apply.jl:15");
    CHECK(rekindle_compile("wrong!", args, 1) == 1);
    CHECK(rekindle_compile("apply!", args, 1) == 1);
    SAYS("no method matching apply!");
    CHECK(rekindle_load("wrong.jl", "f(x = 1") == 1);
    SAYS("wrong.jl:1");
    CHECK(rekindle_load("throws.jl", "error(\"seven\")") == 1);
    SAYS("seven");
    CHECK(rekindle_load_file("no/such/file.jl") == 1);
    SAYS("no/such/file.jl");
    CHECK(rekindle_launch("missing!", one, one, 0, args, 1) == 1);
    SAYS("missing!");
    CHECK(rekindle_eval("sum(1:10)", &value) == 0);
    CHECK(strcmp(value, "55") == 0);
    rekindle_free(value);
    rekindle_free(NULL);
    CHECK(rekindle_eval("1 + 1", NULL) == 0);

    CHECK(rekindle_load(NULL, "x") == 1);
    SAYS("NULL");
    CHECK(rekindle_load("x", NULL) == 1);
    CHECK(rekindle_load("x", "\xff") == 1);
    SAYS("UTF-8");
    CHECK(rekindle_load_file(NULL) == 1);
    CHECK(rekindle_eval(NULL, NULL) == 1);
    CHECK(rekindle_launch(NULL, one, one, 0, args, 1) == 1);
    CHECK(rekindle_launch("beyond!", NULL, one, 0, args, 1) == 1);
    CHECK(rekindle_launch("beyond!", one, NULL, 0, args, 1) == 1);
    CHECK(rekindle_launch("beyond!", one, one, 0, NULL, 1) == 1);
    args[0].data = NULL;
    CHECK(rekindle_launch("beyond!", one, one, 0, args, 1) == 1);
    SAYS("argument 1");
    args[0] = argument(77);
    CHECK(rekindle_launch("beyond!", one, one, 0, args, 1) == 1);
    SAYS("kind 77");
    args[0] = argument(REKINDLE_ARRAY);
    CHECK(rekindle_launch("beyond!", one, one, 0, args, 1) == 1);
    CHECK(rekindle_array_read(NULL, y, sizeof y) == 1);
    CHECK(rekindle_array_write(NULL, y, sizeof y) == 1);
    return 0;
}

/* Threads with stacks as small as they come launch and fail on their own. */
static void *work(void *out) {
    double y[128];
    rekindle_arg args[2];
    int i, n;
    for (i = 0; i < 128; i++) y[i] = 0;
    args[0] = vector(y, 128);
    args[1] = number(1.0);
    for (n = 0; n < 50; n++)
        if (rekindle_launch("apply!", groups, size, 0, args, 2) != 0) return NULL;
    for (i = 0; i < 128; i++)
        if (y[i] != 50.0) return NULL;
    if (rekindle_error()[0] != 0) return NULL; /* others' failures are not this thread's */
    if (rekindle_load("thread.jl", "(") != 1 || strstr(rekindle_error(), "thread.jl:1") == NULL) return NULL;
    return out;
}

static int threads(void) {
    pthread_t all[4];
    pthread_attr_t small;
    int i, good = 0;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 256 * 1024);
    for (i = 0; i < 4; i++) CHECK(pthread_create(&all[i], &small, work, &good) == 0);
    for (i = 0; i < 4; i++) {
        void *out = NULL;
        pthread_join(all[i], &out);
        CHECK(out == &good);
    }
    return 0;
}

int main(int argc, char **argv) {
    double y[1] = {0};
    rekindle_arg args[1];
    args[0] = vector(y, 1);
    CHECK(argc == 2);
    CHECK(rekindle_error()[0] == 0);
    CHECK(rekindle_load("early.jl", "1") == 1);
    SAYS("not open");
    CHECK(rekindle_open() == 0);
    CHECK(rekindle_open() == 0);
    if (kernels(argv[1]) || images() || arrays() || errors() || threads()) return 1;
    rekindle_close();
    CHECK(rekindle_launch("from_file!", one, one, 0, args, 1) == 1);
    CHECK(rekindle_open() == 0);
    CHECK(rekindle_launch("from_file!", one, one, 0, args, 1) == 0);
    CHECK(y[0] == 42.0);
    rekindle_close();
    puts("ok");
    return 0;
}

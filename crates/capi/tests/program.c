/* A C program that embeds Rekindle; its exit code says whether all went well. */
#include "rekindle.h"
#include <stdio.h>
#include <string.h>

static const char *source =
    "using CUDA\n"
    "f(x, a) = a * x\n"
    "function apply!(y, a)\n"
    "    i = (blockIdx().x - 1) * blockDim().x + threadIdx().x\n"
    "    i <= length(y) && (y[i] = f(y[i], a))\n"
    "    return\n"
    "end\n"
    "beyond!(y) = (y[length(y) + 1] = 0; return)\n";

#define CHECK(condition)                                                              \
    if (!(condition)) {                                                               \
        fprintf(stderr, "line %d: %s\n%s\n", __LINE__, #condition, rekindle_error()); \
        return 1;                                                                     \
    }

int main(void) {
    double y[100];
    uint32_t groups[3] = {4, 1, 1}, size[3] = {32, 1, 1};
    for (int i = 0; i < 100; i++) y[i] = i;
    rekindle_arg args[2];
    memset(args, 0, sizeof args);
    args[0].kind = REKINDLE_F64_VECTOR;
    args[0].data = y;
    args[0].length = 100;
    args[1].kind = REKINDLE_F64;
    args[1].real = 2.0;

    CHECK(rekindle_open() == 0);
    CHECK(rekindle_load("apply.jl", source) == 0);
    CHECK(rekindle_launch("apply!", groups, size, 0, args, 2) == 0);
    for (int i = 0; i < 100; i++) CHECK(y[i] == 2.0 * i);

    CHECK(rekindle_load("again.jl", "f(x, a) = x + a") == 0);
    CHECK(rekindle_launch("apply!", groups, size, 0, args, 2) == 0);
    for (int i = 0; i < 100; i++) CHECK(y[i] == 2.0 * i + 2.0);

    CHECK(rekindle_launch("beyond!", groups, size, 0, args, 1) == 1);
    CHECK(strstr(rekindle_error(), "BoundsError") != NULL);
    CHECK(rekindle_load("wrong.jl", "f(x = 1") == 1);
    CHECK(strstr(rekindle_error(), "wrong.jl:1") != NULL);
    CHECK(rekindle_launch("missing!", groups, size, 0, args, 1) == 1);
    CHECK(strstr(rekindle_error(), "missing!") != NULL);
    CHECK(rekindle_load(NULL, "x") == 1);
    puts("ok");
    return 0;
}

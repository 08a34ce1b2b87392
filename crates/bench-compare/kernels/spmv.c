void run(void **p, const int64_t *n, int64_t first, int64_t last) {
    double *restrict y = p[0];
    const int32_t *restrict start = p[1], *restrict column = p[2];
    const double *restrict value = p[3], *restrict x = p[4];
    for (int64_t i = first; i < last; i++) {
        double s = 0;
        for (int32_t k = start[i] - 1; k < start[i + 1] - 1; k++) s += value[k] * x[column[k] - 1];
        y[i] = s;
    }
}

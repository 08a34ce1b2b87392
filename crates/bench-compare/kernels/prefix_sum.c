void run(void **p, const int64_t *n, int64_t first, int64_t last) {
    double *restrict out = p[0];
    const double *restrict x = p[1];
    for (int64_t i = first; i < last; i++) {
        double s = 0;
        for (int64_t k = i * 256; k < (i + 1) * 256; k++) {
            s += x[k];
            out[k] = s;
        }
    }
}

using KernelAbstractions

@index(Global)

# Run with the project `project`.
using Test
using Scene
@test Scene.area() == 13
import Shapes
@test Shapes.paint(Shapes.Square(2)) == "colourless" && Base.get_extension(Shapes, :ShapesColoursExt) === nothing
using Colours
@test Shapes.paint(Shapes.Square(2)) == "red square of 2" && Base.get_extension(Shapes, :ShapesColoursExt) isa Module
@test endswith(Base.active_project(), "project/Project.toml")
err = try
    @eval using Absent
catch e
    sprint(showerror, e)
end
@test occursin("version 3.2.1, is in none of the depots", err)
err = try
    @eval using Unlisted
catch e
    sprint(showerror, e)
end
@test occursin("Package Unlisted not found in current path", err) && occursin("does not have it in its manifest", err)

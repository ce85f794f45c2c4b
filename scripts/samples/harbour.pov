// A small harbour town at sunset: content sample for nst.
// No include files, no external data; metres; the camera looks along +z, the sea is on the left.
#version 3.7;

global_settings {
    assumed_gamma 1.0
    max_trace_level 6
    radiosity {
        pretrace_start 0.08  pretrace_end 0.02  count 60  nearest_count 8
        error_bound 0.9  recursion_limit 1  low_error_factor 0.6  brightness 1
    }
}

#declare R = seed(1882);
#macro Between(A, B) (A + (B - A) * rand(R)) #end
#macro Pick(Array) Array[floor(rand(R) * dimension_size(Array, 1) * 0.9999)] #end

#declare Sun = vnormalize(<-0.80, 0.21, 0.42>);   // the light that models the houses
#declare Glow = vnormalize(<-0.43, 0.05, 0.90>); // where the picture shows it set

camera {
    location <-5, 6.2, -52>
    right x * 4 / 3
    look_at <-0.6, 8.6, 0>
    angle 58
}

light_source { Sun * 5000, rgb <2.7, 1.62, 0.85> area_light 260 * x, 260 * y, 3, 3 adaptive 1 jitter circular orient }

// ---------------------------------------------------------------- sky

#declare Cloud = function { pattern { bozo turbulence 0.75 octaves 7 omega 0.55 lambda 2.1 } }
#declare Streak = function { pattern { wrinkles turbulence 0.4 octaves 6 } }

#declare Gx = Glow.x;
#declare Gy = Glow.y;
#declare Gz = Glow.z;
sky_sphere {
    pigment {
        gradient y
        color_map {
            [0.00 rgb <0.98, 0.50, 0.20>]
            [0.05 rgb <0.92, 0.50, 0.30>]
            [0.13 rgb <0.55, 0.46, 0.50>]
            [0.25 rgb <0.20, 0.32, 0.56>]
            [0.50 rgb <0.06, 0.14, 0.38>]
            [1.00 rgb <0.03, 0.07, 0.22>]
        }
    }
    pigment { // high streaks
        function { Streak(x / (y + 0.22) * 1.6 + 4, 1, z / (y + 0.22) * 3.6) }
        color_map {
            [0.45 rgbt <1, 0.7, 0.5, 1>]
            [0.75 rgbt <1.0, 0.62, 0.45, 0.55>]
            [1.00 rgbt <1.0, 0.75, 0.55, 0.3>]
        }
    }
    pigment { // heaped clouds: dark belly, burning rim
        function { Cloud(x / (y + 0.16) * 1.05 + 7.3, 0.2, z / (y + 0.16) * 1.7 + 1.2) }
        color_map {
            [0.00 rgbt <1, 0.7, 0.5, 1>]
            [0.50 rgbt <1.0, 0.66, 0.42, 1>]
            [0.57 rgbt <1.15, 0.66, 0.36, 0.25>]
            [0.66 rgbt <0.80, 0.42, 0.36, 0.08>]
            [0.80 rgbt <0.34, 0.27, 0.38, 0.04>]
            [1.00 rgbt <0.17, 0.18, 0.30, 0.02>]
        }
    }
    pigment { // the glow itself, over the clouds
        function { pow(max(0, x * Gx + y * Gy + z * Gz), 26) }
        color_map {
            [0.00 rgbt <1, 0.6, 0.25, 1>]
            [0.50 rgbt <1.1, 0.62, 0.22, 0.72>]
            [0.85 rgbt <1.5, 0.95, 0.40, 0.35>]
            [1.00 rgbt <2.2, 1.75, 1.00, 0.08>]
        }
    }
}

fog { fog_type 2 fog_offset 0 fog_alt 16 distance 620 rgb <0.80, 0.47, 0.30> } // haze over the sea

// ---------------------------------------------------------------- water

plane {
    y, 0
    pigment { rgb <0.012, 0.045, 0.06> }
    normal {
        average
        normal_map {
            [1.0 bumps 0.55 scale <2.6, 1, 0.8>]
            [0.8 bumps 0.40 turbulence 0.5 scale <0.9, 1, 0.33>]
            [0.5 wrinkles 0.35 scale <9, 3, 4>]
        }
    }
    finish { diffuse 0.5 specular 0.5 roughness 0.004 reflection { 0.06, 0.95 fresnel on } conserve_energy }
    interior { ior 1.33 }
}

// ---------------------------------------------------------------- land

#declare Noise = function { pattern { granite scale 60 } }
#declare Lumps = function { pattern { bozo turbulence 0.4 scale 9 } }
// The quay's edge as x of z, and how far inland a point lies.
#declare Edge = function(z) { 30 - 0.25 * (z + 30) - 0.0021 * (z + 30) * (z + 30) }
#declare Inland = function(x, z) { (x - Edge(z)) * 0.9 }
#declare Ground = function(x, z) {
    1.6 + 0.50 * max(0, Inland(x, z) - 13) * (1 - 0.0035 * max(0, Inland(x, z) - 13))
        + min(1, max(0, Inland(x, z) - 13) * 0.06) * (5 * Lumps(x, 0, z) + 9 * Noise(x, 3, z) - 5)
}

#declare Earth = texture {
    pigment {
        bozo turbulence 0.8 scale 5
        color_map {
            [0.0 rgb <0.10, 0.15, 0.04>] [0.4 rgb <0.17, 0.20, 0.06>]
            [0.7 rgb <0.27, 0.24, 0.09>] [1.0 rgb <0.36, 0.27, 0.15>]
        }
    }
    normal { granite 0.5 scale 2 }
}
#declare Stone = texture {
    pigment {
        brick pigment { rgb <0.16, 0.14, 0.12> },
        pigment { granite color_map { [0 rgb <0.30, 0.27, 0.24>] [0.5 rgb <0.45, 0.40, 0.34>] [1 rgb <0.58, 0.52, 0.44>] } }
        brick_size <1.6, 0.55, 1.1> mortar 0.05
    }
    normal { granite 0.35 scale 0.8 }
}

height_field { // the hill the town climbs
    function 420, 420 { select(Inland(-60 + x * 190, -40 + (1 - y) * 190) - 9, 0, min(1, Ground(-60 + x * 190, -40 + (1 - y) * 190) / 60)) }
    smooth
    translate <0, 0, 0> scale <190, 60, 190> translate <-60, -0.15, -40>
    texture { Earth }
    clipped_by { plane { -y, -1.2 } }
}
prism { // quay
    linear_spline -4, 1.6, 26
    #for (I, 0, 22) #local Z = -60 + I * 8; <Edge(Z), Z> #end
    , <150, 116>, <150, -60>, <Edge(-60), -60>
    texture { Stone }
}
// Mooring posts and lamps along the edge.
#for (I, 0, 26)
    #local Z = -38 + I * 5.2;
    cylinder { <Edge(Z) + 0.5, 1.5, Z>, <Edge(Z) + 0.5, 2.3, Z>, 0.22 pigment { rgb <0.08, 0.07, 0.07> } finish { specular 0.4 } }
    #if (mod(I, 3) = 0)
        union {
            cylinder { <0, 1.5, 0>, <0, 6, 0>, 0.09 pigment { rgb 0.04 } }
            cone { <0, 6.5, 0>, 0.5, <0, 6.85, 0>, 0.05 pigment { rgb 0.04 } }
            sphere { <0, 6.25, 0>, 0.3 pigment { rgb 1 } finish { emission <3.4, 2.3, 1.1> diffuse 0 } no_shadow }
            light_source { <0, 6.2, 0> rgb <1.0, 0.62, 0.26> * 1.1 fade_distance 5 fade_power 2 }
            translate <Edge(Z) + 1.6, 0, Z>
        }
    #end
#end

// Far ridges, each paler than the one before.
#macro Ridge(Z, Top, Seed, Tint)
    mesh {
        #local N = function { pattern { granite scale 1.7 } }
        #local Last = 0;
        #for (I, 0, 160)
            #local X = -900 + I * 11;
            #local Y = Top * (0.30 + 0.9 * N(X / 300 + Seed, Seed, 0.3) + 0.12 * N(X / 40, Seed, 2)) * min(1, max(0.0, (X + 330 + Seed * 60) / 420));
            #if (I > 0)
                triangle { <X - 11, -1, Z>, <X, -1, Z>, <X, Y, Z> }
                triangle { <X - 11, -1, Z>, <X, Y, Z>, <X - 11, Last, Z> }
            #end
            #local Last = Y;
        #end
        pigment { bozo turbulence 1 scale 30 color_map { [0 rgb Tint * 0.8] [1 rgb Tint * 1.25] } }
        finish { diffuse 0.5 emission 0.35 }
    }
#end
Ridge(330, 72, 1.3, <0.13, 0.16, 0.17>)
Ridge(560, 128, 2.1, <0.19, 0.20, 0.26>)
Ridge(900, 190, 3.7, <0.32, 0.28, 0.36>)

// ---------------------------------------------------------------- trees

#macro Foliage(Count, Tall, Wide, Size)
    mesh {
        #for (I, 1, Count)
            #local A = rand(R) * 2 * pi;
            #local H = rand(R);
            #local S = Wide * pow(sin(pi * pow(H, 0.75)), 0.7) * pow(rand(R), 0.35);
            #local P = <S * cos(A), Tall * (0.12 + 0.88 * H), S * sin(A)>;
            #local U = <rand(R) - 0.5, rand(R) - 0.5, rand(R) - 0.5> * Size;
            #local V = <rand(R) - 0.5, rand(R) - 0.5, rand(R) - 0.5> * Size;
            triangle { P, P + U, P + V }
        #end
        pigment { bozo scale 0.8 color_map { [0 rgb <0.05, 0.10, 0.03>] [0.6 rgb <0.12, 0.18, 0.05>] [1 rgb <0.25, 0.25, 0.07>] } }
        finish { diffuse 0.9 }
    }
#end
#declare Cypress = union { object { Foliage(3000, 9, 1.1, 0.9) } cylinder { 0, 2 * y, 0.2 pigment { rgb 0.05 } } }
#declare Tree = union { object { Foliage(3500, 6, 2.9, 1.0) } cylinder { 0, 2.5 * y, 0.25 pigment { rgb 0.06 } } }

// ---------------------------------------------------------------- houses

#declare Walls = array[10] {
    <0.80, 0.36, 0.20>, <0.86, 0.66, 0.30>, <0.80, 0.74, 0.62>, <0.62, 0.22, 0.17>,
    <0.32, 0.47, 0.52>, <0.84, 0.52, 0.40>, <0.88, 0.78, 0.52>, <0.45, 0.55, 0.42>,
    <0.74, 0.46, 0.18>, <0.90, 0.84, 0.74>
}
#declare Shutters = array[4] { <0.06, 0.20, 0.16>, <0.07, 0.15, 0.30>, <0.28, 0.10, 0.06>, <0.20, 0.25, 0.25> }
#declare Tiles = array[4] { <0.52, 0.20, 0.10>, <0.44, 0.17, 0.10>, <0.60, 0.27, 0.13>, <0.34, 0.20, 0.16> }

#macro Window(Lit, Shutter)
    union {
        box { <-0.62, -0.1, -0.10>, <0.62, 2.0, 0.1> pigment { rgb <0.78, 0.74, 0.66> } }
        #if (Lit)
            box { <-0.5, 0, -0.12>, <0.5, 1.9, 0>
                pigment { gradient y color_map { [0 rgb <1, 0.50, 0.14>] [1 rgb <1, 0.76, 0.36>] } scale 2 }
                finish { diffuse 0.1 emission 1.5 * Between(0.6, 1.2) } }
        #else
            box { <-0.5, 0, -0.12>, <0.5, 1.9, 0> pigment { rgb <0.03, 0.045, 0.06> } finish { reflection 0.35 specular 0.6 } }
        #end
        box { <-0.04, 0, -0.15>, <0.04, 1.9, 0> pigment { rgb <0.5, 0.45, 0.4> } }
        box { <-0.5, 1.1, -0.15>, <0.5, 1.17, 0> pigment { rgb <0.5, 0.45, 0.4> } }
        box { <-0.75, -0.22, -0.28>, <0.75, -0.1, 0> pigment { rgb <0.6, 0.55, 0.48> } }
        #local O = Between(0, 25);
        box { <-0.55, 0, -0.05>, <0, 1.95, 0.02> rotate -O * y translate <-0.64, 0, -0.1> pigment { gradient y color_map { [0.7 rgb Shutter] [0.7 rgb Shutter * 0.4] } scale 0.16 } }
        box { <0, 0, -0.05>, <0.55, 1.95, 0.02> rotate O * y translate <0.64, 0, -0.1> pigment { gradient y color_map { [0.7 rgb Shutter] [0.7 rgb Shutter * 0.4] } scale 0.16 } }
    }
#end

// The front stands on z = 0 and faces -z; W wide, D deep, H to the eaves.
#macro House(W, D, H)
    #local Wall = Pick(Walls);
    #local Shutter = Pick(Shutters);
    #local Tile = Pick(Tiles);
    #local Rise = W * Between(0.32, 0.55);
    #local Gable = (rand(R) < 0.6); // gable to the front, or the eaves
    union {
        union {
            box { <-W / 2, -6, 0>, <W / 2, H, D> }
            #if (Gable)
                prism { linear_sweep linear_spline 0, D, 4 <-W / 2, H>, <W / 2, H>, <0, H + Rise>, <-W / 2, H> rotate -90 * x scale <1, 1, -1> translate 0 * z }
            #end
            texture {
                pigment { rgb Wall }
                normal { granite 0.25 scale 1.5 }
            }
            texture { // weather: stains from the ground and below the eaves
                pigment {
                    wrinkles turbulence 0.7 scale <1.3, 4, 1.3>
                    color_map { [0 rgbt <0.2, 0.15, 0.1, 0.45>] [0.45 rgbt <0.3, 0.2, 0.15, 0.9>] [1 rgbt <0.9, 0.85, 0.75, 0.65>] }
                }
                normal { granite 0.25 scale 1.5 }
            }
        }
        #local Cover = texture {
            pigment { granite scale 2 color_map { [0 rgb Tile * 0.5] [0.5 rgb Tile] [1 rgb Tile * 1.5 + 0.03] } }
            normal { gradient x 0.9 slope_map { [0 <0, 1>] [0.5 <1, 0>] [1 <0, -1>] } scale 0.42 }
        }
        #local Run = sqrt(W * W / 4 + Rise * Rise);
        #local Tilt = degrees(atan2(Rise, W / 2));
        #if (Gable)
            box { <-0.5, 0, -0.4>, <Run, 0.22, D + 0.3> texture { Cover rotate 90 * y } rotate Tilt * z translate <-W / 2, H - 0.05, 0> }
            box { <-0.5, 0, -0.4>, <Run, 0.22, D + 0.3> texture { Cover rotate 90 * y } rotate Tilt * z scale <-1, 1, 1> translate <W / 2, H - 0.05, 0> }
        #else
            #local Rise = D * 0.28;
            #local Run = sqrt(D * D / 4 + Rise * Rise) + 0.5;
            box { <-W / 2 - 0.3, 0, -0.5>, <W / 2 + 0.3, 0.22, Run> texture { Cover } rotate -degrees(atan2(Rise, D / 2)) * x translate <0, H - 0.1, 0> }
        #end
        box { <-0.4, 0, -0.4>, <0.4, Rise + 1.5, 0.4> translate <W * 0.27 * (rand(R) < 0.5 ? 1 : -1), H, D * Between(0.3, 0.6)>
            texture { Stone scale 0.4 } }
        // Floors of windows; shops and doors below.
        #local Columns = max(2, floor(W / 2.5));
        #local Step = W / Columns;
        #for (Fl, 1, floor((H - 0.8) / 3.1) - 1)
            #for (C, 0, Columns - 1)
                object { Window((rand(R) < 0.42), Shutter) translate <-W / 2 + Step * (C + 0.5), 0.8 + Fl * 3.1, 0> }
            #end
        #end
        #if (Gable & Rise > 2.2)
            object { Window((rand(R) < 0.5), Shutter) scale 0.75 translate <0, H + 0.1, 0> }
        #end
        #local Warm = Between(0.8, 1.7);
        #for (C, 0, Columns - 1)
            union {
                box { <-0.95, 0, -0.12>, <0.95, 2.6, 0.1> pigment { rgb Shutter } }
                box { <-0.75, 0.5, -0.16>, <0.75, 2.35, 0> pigment { gradient y color_map { [0 rgb <1, 0.45, 0.12>] [1 rgb <1, 0.72, 0.3>] } scale 3 }
                    finish { diffuse 0.1 emission Warm * (rand(R) < 0.7 ? 1 : 0.1) } }
                box { <-0.03, 0, -0.2>, <0.03, 2.4, 0> pigment { rgb Shutter } }
                #if (rand(R) < 0.5)
                    box { <-1.2, 0, -1.5>, <1.2, 0.08, 0> rotate -22 * x translate 2.9 * y
                        pigment { gradient x color_map { [0.5 rgb Pick(Tiles) * 1.5] [0.5 rgb <0.85, 0.8, 0.7>] } scale 0.5 } }
                #end
                translate <-W / 2 + Step * (C + 0.5), 0, 0>
            }
        #end
    }
#end

// Rows along the quay; a row is a distance inland.
#macro Row(Far, From, To, Low, High)
    #local Z = From;
    #while (Z < To)
        #local W = Between(5.2, 8.2);
        #local Zc = Z + W * 0.45;
        #local X = Edge(Zc) + Far / 0.9 + Between(-0.5, 0.5);
        #local Slope = (Edge(Zc + 0.5) - Edge(Zc - 0.5));
        object { House(W, Between(7, 9), 0.9 + 3.1 * floor(Between(Low, High + 0.99)))
            rotate (90 + degrees(atan(Slope))) * y
            translate <X, max(1.6, Ground(X, Zc) - (Far > 10 ? 1.2 : 0)), Zc> }
        #local Z = Z + W * (Far > 10 ? Between(1.0, 1.9) : 0.97) * 0.93;
    #end
#end
Row(5.5, -38, 92, 2, 4)
Row(21, -34, 100, 2, 3)
Row(36, -24, 106, 2, 3)
Row(51, -10, 112, 2, 3)
Row(68, 5, 116, 2, 3)

#for (I, 1, 150)
    #local Z = Between(-30, 130);
    #local D = Between(17, 95);
    #local X = Edge(Z) + D / 0.9;
    #if (X < 125)
        #if (rand(R) < 0.4) object { Cypress #else object { Tree #end
            rotate 360 * rand(R) * y scale Between(0.7, 1.25) translate <X, Ground(X, Z) - 0.4, Z> }
    #end
#end

// The church: nave, tower, copper spire.
prism {
    linear_sweep linear_spline 2, 18.5, 4 <-4.6, 7.6>, <5.6, 7.6>, <0.5, 13>, <-4.6, 7.6>
    rotate <-90, 0, 0> scale <1, 1, -1> rotate 90 * y
    pigment { granite scale 2 color_map { [0 rgb <0.30, 0.14, 0.09>] [1 rgb <0.62, 0.30, 0.17>] } }
    rotate 50 * y translate <14, 16, 62>
}
union {
    box { <-3, -8, -3>, <3, 19, 3> }
    box { <-3.4, 18.6, -3.4>, <3.4, 19.4, 3.4> }
    box { <-3.4, 11, -3.4>, <3.4, 11.5, 3.4> }
    box { <3, -8, -4>, <18, 8, 5> }
    texture { Stone scale 0.7 } texture { pigment { rgbt <0.9, 0.72, 0.5, 0.6> } normal { granite 0.3 } }
    rotate 50 * y translate <14, 16, 62>
}
union {
    cone { <0, 19.4, 0>, 3.6, <0, 31, 0>, 0 }
    sphere { <0, 31.2, 0>, 0.4 }
    pigment { granite scale 5 color_map { [0 rgb <0.12, 0.32, 0.28>] [1 rgb <0.28, 0.52, 0.42>] } }
    translate <14, 16, 62>
}
#for (I, 0, 3)
    union {
        box { <-0.8, 13.6, -3.12>, <0.8, 16.4, -2.9> }
        cylinder { <0, 16.4, -3.12>, <0, 16.4, -2.9>, 0.8 }
        pigment { rgb <1, 0.62, 0.22> } finish { emission 1.4 diffuse 0 }
        rotate (50 + 90 * I) * y translate <14, 16, 62>
    }
#end

// ---------------------------------------------------------------- breakwater and its light

#for (I, 0, 420)
    #local T = rand(R);
    sphere { 0, Between(0.7, 1.7) scale <1, 0.75, 1.2> rotate <30 * rand(R), 360 * rand(R), 30 * rand(R)>
        translate <-62 + 40 * T, Between(-0.5, 1.4) * (1 - 0.2 * rand(R)), 66 + 20 * T + Between(-2.6, 2.6)>
        pigment { granite color_map { [0 rgb <0.10, 0.09, 0.09>] [1 rgb <0.36, 0.31, 0.27>] } } normal { granite 0.7 } }
#end
union {
    cone { <0, 0, 0>, 2.3, <0, 12, 0>, 1.5 pigment { gradient y color_map { [0.5 rgb <0.88, 0.84, 0.78>] [0.5 rgb <0.70, 0.10, 0.07>] } scale 6 } }
    cylinder { <0, 12, 0>, <0, 12.4, 0>, 2.3 pigment { rgb 0.12 } }
    cylinder { <0, 12.4, 0>, <0, 14.6, 0>, 1.1 pigment { rgb <1, 0.85, 0.5> } finish { emission 2.2 diffuse 0 } no_shadow }
    cone { <0, 14.6, 0>, 1.6, <0, 16.4, 0>, 0.1 pigment { rgb <0.55, 0.09, 0.06> } }
    #for (I, 0, 11)
        cylinder { <2.2, 12.4, 0>, <2.2, 13.5, 0>, 0.07 rotate I * 30 * y pigment { rgb 0.1 } }
        cylinder { <1.1, 12.4, 0>, <1.1, 14.6, 0>, 0.06 rotate I * 30 * y pigment { rgb 0.1 } }
    #end
    torus { 2.2, 0.08 translate 13.5 * y pigment { rgb 0.1 } }
    translate <-52.4, 1.5, 66>
}

// ---------------------------------------------------------------- boats

// A hull from stern (z = 0) to bow (z = L): stations of a lofted mesh, paint by height.
#macro Hull(L, B, Paint, Stripe)
    #local Nu = 28;
    #local Nv = 8;
    #local P = array[Nu + 1][Nv + 1];
    #for (I, 0, Nu)
        #local U = I / Nu;
        #local Beam = B / 2 * pow(max(0, 1 - pow(U, 3.2)), 0.75) * (0.78 + 0.5 * U * (1 - U) + 0.22 * min(1, U * 3));
        #local Sheer = 0.16 * L * (0.55 + 0.75 * (U - 0.35) * (U - 0.35));
        #for (J, 0, Nv)
            #local V = J / Nv;
            #local P[I][J] = <Beam * pow(V, 0.45), -0.5 + (Sheer + 0.5) * V, L * U + 0.10 * L * V * pow(U, 4)>;
        #end
    #end
    union {
        mesh {
            #for (I, 0, Nu - 1) #for (J, 0, Nv - 1) #for (S, -1, 1, 2)
                triangle { P[I][J] * <S, 1, 1>, P[I + 1][J] * <S, 1, 1>, P[I + 1][J + 1] * <S, 1, 1> }
                triangle { P[I][J] * <S, 1, 1>, P[I + 1][J + 1] * <S, 1, 1>, P[I][J + 1] * <S, 1, 1> }
            #end #end #end
            #for (J, 0, Nv - 1)
                triangle { P[0][J] * <-1, 1, 1>, P[0][J], P[0][J + 1] }
                triangle { P[0][J] * <-1, 1, 1>, P[0][J + 1], P[0][J + 1] * <-1, 1, 1> }
            #end
            texture {
                pigment { gradient y color_map { [0.14 rgb <0.42, 0.07, 0.05>] [0.14 rgb 0.85] [0.19 rgb 0.85] [0.19 Paint] [0.78 Paint] [0.78 Stripe] } scale 0.13 * L }
                normal { gradient y 0.25 scale 0.28 }
                finish { specular 0.3 roughness 0.02 reflection 0.04 }
            }
        }
        mesh { // deck, a hand below the rail
            #for (I, 0, Nu - 1)
                #local A = P[I][Nv - 1]; #local C = P[I + 1][Nv - 1];
                triangle { A * <-1, 1, 1>, A, C } triangle { A * <-1, 1, 1>, C, C * <-1, 1, 1> }
            #end
            pigment { gradient x color_map { [0.9 rgb <0.50, 0.33, 0.17>] [0.9 rgb <0.16, 0.09, 0.05>] } scale 0.22 }
        }
        #for (I, 0, Nu - 1) #for (S, -1, 1, 2)
            cylinder { P[I][Nv] * <S, 1, 1>, P[I + 1][Nv] * <S, 1, 1> + <0.0001, 0, 0>, 0.075 pigment { rgb <0.40, 0.22, 0.09> } }
        #end #end
    }
#end

#macro Rope(A, B) cylinder { A, B, 0.025 pigment { rgb <0.12, 0.09, 0.06> } } #end

// A sail: a bellied sheet between four corners, seams and weather on it.
#macro Sail(A, B, C, D, Belly, Tint)
    mesh {
        #local N = 14;
        #for (I, 0, N - 1) #for (J, 0, N - 1)
            #for (K, 0, 1)
                #local Q = array[3];
                #for (M, 0, 2)
                    #local U = (I + (K = 0 ? (M = 1 | M = 2 ? 1 : 0) : (M = 1 ? 1 : 0))) / N;
                    #local V = (J + (K = 0 ? (M = 2 ? 1 : 0) : (M >= 1 ? 1 : 0))) / N;
                    #local Q[M] = (A * (1 - U) + B * U) * (1 - V) + (D * (1 - U) + C * U) * V + Belly * sin(pi * U) * sin(pi * (0.15 + 0.7 * V));
                #end
                triangle { Q[0], Q[1], Q[2] }
            #end
        #end #end
        texture { pigment { bozo turbulence 0.6 scale <1, 3, 1> color_map { [0 rgb Tint * 0.75] [1 rgb Tint * 1.2] } } finish { diffuse 0.8 emission 0.08 } }
        texture { pigment { gradient y color_map { [0.95 rgbt 1] [0.95 rgbt <0.1, 0.05, 0.03, 0.4>] } scale 1.1 } finish { diffuse 0.7 } }
    }
#end

#macro Lugger(Paint, Stripe, Tint) // two tan sails
    union {
        object { Hull(11, 3.4, Paint, Stripe) }
        cylinder { <0, 0, 6.6>, <0, 12.6, 6.2>, 0.14 pigment { rgb <0.36, 0.20, 0.09> } }
        cylinder { <0, 0, 1.6>, <0, 8.6, 1.3>, 0.11 pigment { rgb <0.36, 0.20, 0.09> } }
        cylinder { <0, 1.8, 10.6>, <0, 2.8, 14>, 0.1 pigment { rgb <0.36, 0.20, 0.09> } }
        cylinder { <0.1, 2.4, 1.9>, <0.1, 2.4, 6.6>, 0.09 pigment { rgb <0.36, 0.20, 0.09> } }
        cylinder { <0.12, 9.0, 6.9>, <0.12, 12.9, 2.9>, 0.09 pigment { rgb <0.36, 0.20, 0.09> } }
        object { Sail(<0.1, 2.5, 2.0>, <0.1, 2.5, 6.5>, <0.1, 9.3, 6.5>, <0.1, 12.7, 3.0>, <1.1, 0, 0>, Tint) }
        object { Sail(<0.1, 2.2, -1.9>, <0.1, 2.2, 1.3>, <0.1, 6.4, 1.3>, <0.1, 8.5, -0.9>, <0.7, 0, 0>, Tint * 0.85) }
        object { Sail(<0.1, 2.9, 13.8>, <0.1, 2.4, 7.4>, <0.1, 11.7, 6.6>, <0.1, 11.8, 6.5>, <0.9, 0, 0>, <0.78, 0.66, 0.46>) }
        Rope(<0, 12.4, 6.2>, <0, 2.8, 14>)
        Rope(<0, 12.4, 6.2>, <1.6, 1.6, 5.2>) Rope(<0, 12.4, 6.2>, <-1.6, 1.6, 5.2>)
        Rope(<0, 8.5, 1.3>, <1.4, 1.5, 0.4>) Rope(<0, 8.5, 1.3>, <0, 12.0, 6.2>)
        box { <-0.8, 1.1, 3.2>, <0.8, 2.0, 5> pigment { rgb <0.66, 0.62, 0.50> } }
        sphere { <0, 1.7, 0.9>, 0.42 scale <0.8, 1.4, 0.8> pigment { rgb <0.06, 0.10, 0.20> } }
        sphere { <0, 2.75, 0.72>, 0.2 pigment { rgb <0.5, 0.3, 0.2> } }
    }
#end

#macro Trawler(Paint, Stripe)
    union {
        object { Hull(8.5, 3, Paint, Stripe) }
        box { <-0.85, 0.9, 1.6>, <0.85, 3.1, 3.8> pigment { rgb <0.82, 0.78, 0.70> } }
        box { <-1.05, 3.1, 1.4>, <1.05, 3.25, 4.1> pigment { Stripe } }
        box { <-0.87, 2.1, 1.8>, <0.87, 2.8, 3.6> pigment { rgb <1, 0.65, 0.25> } finish { emission 0.8 diffuse 0.1 } }
        box { <-0.7, 2.1, 1.5>, <0.7, 2.8, 3.9> pigment { rgb <0.04, 0.05, 0.06> } finish { reflection 0.3 } }
        cylinder { <0, 1, 4.6>, <0, 7.5, 4.6>, 0.09 pigment { rgb <0.5, 0.4, 0.3> } }
        cylinder { <0, 3.6, 4.6>, <0, 5.4, 0.6>, 0.06 pigment { rgb <0.5, 0.4, 0.3> } }
        Rope(<0, 7.4, 4.6>, <0, 1.9, 9>) Rope(<0, 7.4, 4.6>, <0, 1.2, 0.1>) Rope(<0, 7.4, 4.6>, <1.3, 1.3, 3.6>) Rope(<0, 7.4, 4.6>, <-1.3, 1.3, 3.6>)
        torus { 0.35, 0.11 rotate 90 * z translate <-0.95, 1.6, 2.7> pigment { rgb <0.85, 0.25, 0.08> } }
        #for (I, 0, 4) box { <-0.3, 0, -0.25>, <0.3, 0.4, 0.25> rotate 40 * rand(R) * y translate <Between(-0.6, 0.6), 1.0 + 0.3 * rand(R), Between(0.4, 1.3)> pigment { rgb <0.5, 0.33, 0.14> } } #end
    }
#end

#macro Skiff(Paint)
    union {
        object { Hull(4.2, 1.7, Paint, rgb <0.8, 0.75, 0.6>) }
        box { <-0.7, 0.38, 1.2>, <0.7, 0.46, 1.6> pigment { rgb <0.42, 0.26, 0.12> } }
        box { <-0.65, 0.38, 2.4>, <0.65, 0.46, 2.8> pigment { rgb <0.42, 0.26, 0.12> } }
        cylinder { <-0.9, 0.62, 0.4>, <0.5, 0.72, 3.2>, 0.05 pigment { rgb <0.5, 0.34, 0.17> } }
    }
#end

object { Lugger(rgb <0.05, 0.13, 0.24>, rgb <0.80, 0.55, 0.15>, <0.66, 0.21, 0.08>) rotate 62 * y scale 1.0 translate <-17.2, 0, -13> }
object { Trawler(rgb <0.10, 0.34, 0.28>, rgb <0.75, 0.20, 0.10>) rotate -24 * y translate <13, 0, -17> }
object { Trawler(rgb <0.55, 0.12, 0.08>, rgb <0.86, 0.80, 0.65>) rotate -30 * y translate <11.5, 0, 1> }
object { Trawler(rgb <0.08, 0.22, 0.42>, rgb <0.86, 0.66, 0.2>) rotate -33 * y translate <5, 0, 17> }
object { Lugger(rgb <0.30, 0.10, 0.06>, rgb <0.8, 0.8, 0.7>, <0.75, 0.56, 0.30>) rotate 25 * y scale 0.9 translate <-18, 0, 42> }
object { Skiff(rgb <0.70, 0.42, 0.10>) rotate -62 * y translate <2.5, 0, -32> }
object { Skiff(rgb <0.10, 0.30, 0.36>) rotate 12 * y translate <3.5, 0, -9> }
